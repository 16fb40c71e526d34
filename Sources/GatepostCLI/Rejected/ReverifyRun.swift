import Common

/// One run of `rejected reverify`: some requests at a time, each transaction of its own.
struct ReverifyRun {
    /// In one transaction: others wait for the lock some milliseconds.
    private static let mostAtOnce = 100
    private static let mostBytesAtOnce = 8 << 20

    let store: Store
    let reverification: Reverification
    /// Whom the certificates at hand must lead to.
    let anchors: TrustAnchors
    let now: Timestamp
    let isDry: Bool
    private(set) var report = ReverifyReport()
    private var waiting: [(rejection: Rejection, events: [NewEvent])] = []
    private var bytes = 0

    init(store: Store, reverification: Reverification, anchors: TrustAnchors, now: Timestamp, isDry: Bool) {
        self.store = store
        self.reverification = reverification
        self.anchors = anchors
        self.now = now
        self.isDry = isDry
    }

    /// - Parameter sequences: in order of arrival.
    mutating func judge(_ sequences: [Int64]) throws {
        let queries = RejectionQueries(store: store)
        for sequence in sequences {
            guard let stored = try queries.find(sequence) else { continue }
            if stored.rejection.outcome != nil {
                report.add(stored.rejection, .settled, ids: stored.rejection.eventIDs)
                continue
            }
            switch reverification.judge(stored, certificates: certificates) {
            case .admit(let events):
                waiting.append((stored.rejection, events))
                bytes += stored.body.count
            case .refused(let failure): report.add(stored.rejection, .refused, why: failure.tag)
            case .notAnEvent: report.add(stored.rejection, .notAnEvent, why: "a handshake; nothing to store")
            case .unreadable(let error): report.add(stored.rejection, .refused, why: error.description)
            case .addressNotAllowed: report.add(stored.rejection, .refused, why: "its address is not one that this source allows")
            case .noTenant: report.add(stored.rejection, .refused, why: "the source signs nothing, and the address named no tenant")
            case .noSuchSource: report.add(stored.rejection, .refused, why: "no secret for this source")
            }
            if waiting.count >= Self.mostAtOnce || bytes >= Self.mostBytesAtOnce { try flush() }
        }
        try flush()
    }

    /// What the store has fetched for the request's scheme; nothing for schemes without certificates.
    private func certificates(_ provider: Provider, _ request: SignedRequest) -> CertificateStore {
        (try? Errands(store: store).certificates(for: request, of: provider, trusting: anchors, now: now)) ?? CertificateStore()
    }

    private mutating func flush() throws {
        defer { (waiting, bytes) = ([], 0) }
        if isDry { return try foresee() }
        guard !waiting.isEmpty else { return }
        let readmissions = waiting.map { Readmission(sequence: $0.rejection.sequence, events: $0.events) }
        let outcomes = try EventWriter(store: store).readmit(readmissions, now: now)
        for (item, outcome) in zip(waiting, outcomes) {
            let result: ReverifyReport.Result = outcome.map { $0.contains(where: \.isNew) ? .admitted : .duplicate } ?? .settled
            report.add(item.rejection, result, ids: outcome?.map(\.eventID) ?? [])
        }
    }

    private mutating func foresee() throws {
        let events = EventQueries(store: store)
        for (rejection, own) in waiting {
            let known = try own.map { try events.find($0.idempotencyKey).first?.summary.id }
            report.add(rejection, known.allSatisfy { $0 != nil } ? .duplicate : .admitted, ids: known.compactMap { $0 })
        }
    }
}

/// What became of each.
struct ReverifyReport {
    enum Result: String, CaseIterable {
        case admitted, duplicate, refused
        case notAnEvent = "not an event"
        /// By an earlier run.
        case settled = "settled before"
    }

    struct Line {
        let rejection: Rejection
        let result: Result
        let why: String?
        let ids: [String]

        var isWell: Bool { result != .refused }
    }

    private(set) var lines: [Line] = []

    mutating func add(_ rejection: Rejection, _ result: Result, why: String? = nil, ids: [String] = []) {
        lines.append(Line(rejection: rejection, result: result, why: why, ids: ids))
    }

    private func count(_ result: Result) -> Int { lines.count { $0.result == result } }

    func json(isDry: Bool) -> JSONTree {
        let list = lines.map { line -> JSONTree in
            [
                "id": .string(line.rejection.id), "source": .string(line.rejection.source), "result": .string(line.result.rawValue),
                "why": JSONTree(line.why), "event_ids": .array(line.ids.map { .string($0) }),
            ]
        }
        return [
            "dry_run": .bool(isDry), "judged": JSONTree(lines.count), "admitted": JSONTree(count(.admitted)),
            "duplicate": JSONTree(count(.duplicate)), "refused": JSONTree(count(.refused)), "not_an_event": JSONTree(count(.notAnEvent)),
            "settled_before": JSONTree(count(.settled)), "requests": .array(list),
        ]
    }

    func print(isDry: Bool) {
        guard !lines.isEmpty else { return Output.line("no rejected request to judge") }
        var table = Table(["ID", "RECEIVED", "SOURCE", isDry ? "WOULD BE" : "RESULT", "EVENT OR REASON"])
        for line in lines {
            let rest = line.why ?? (line.ids.isEmpty ? "-" : line.ids.joined(separator: " "))
            table.add([
                line.rejection.id, line.rejection.receivedAt.description, line.rejection.source, line.result.rawValue, rest,
            ])
        }
        Output.table(table)
        let sums = Result.allCases.filter { count($0) > 0 }.map { "\(count($0)) \($0.rawValue)" }
        Output.line("\n\(isDry ? "would be: " : "")\(sums.joined(separator: ", "))")
    }
}
