/// One re-verification of many: some requests at a time, each transaction of its own.
public struct ReverifyRun {
    /// In one transaction: others wait for the lock some milliseconds.
    private static let mostAtOnce = 100
    private static let mostBytesAtOnce = 8 << 20

    let store: Store
    let reverification: Reverification
    /// Whom the certificates at hand must lead to.
    let anchors: TrustAnchors
    let now: Timestamp
    let isDry: Bool
    public private(set) var report = ReverifyReport()
    private var waiting: [(rejection: Rejection, events: [NewEvent])] = []
    private var bytes = 0

    public init(store: Store, reverification: Reverification, anchors: TrustAnchors, now: Timestamp, isDry: Bool) {
        self.store = store
        self.reverification = reverification
        self.anchors = anchors
        self.now = now
        self.isDry = isDry
    }

    /// - Parameter sequences: in order of arrival.
    public mutating func judge(_ sequences: [Int64]) throws {
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
public struct ReverifyReport: Sendable {
    public enum Result: String, CaseIterable, Sendable {
        case admitted, duplicate, refused
        case notAnEvent = "not an event"
        /// By an earlier run.
        case settled = "settled before"
    }

    public struct Line: Sendable {
        public let rejection: Rejection
        public let result: Result
        public let why: String?
        public let ids: [String]

        public var isWell: Bool { result != .refused }
    }

    public private(set) var lines: [Line] = []

    mutating func add(_ rejection: Rejection, _ result: Result, why: String? = nil, ids: [String] = []) {
        lines.append(Line(rejection: rejection, result: result, why: why, ids: ids))
    }

    public func count(_ result: Result) -> Int { lines.count { $0.result == result } }
}
