import Common
import Foundation

/// Takes in events of a file, some at a time. Each goes in under the key that it had.
public struct FileBackfill {
    public struct Request: Sendable {
        public var tenant: TenantName
        public var source: SourceName?
        /// By when they were received, where the file says it.
        public var since: Timestamp?
        public var until: Timestamp?
        public var isDry = false

        public init(tenant: TenantName) { self.tenant = tenant }
    }

    /// A line that could not be taken: its number, and why.
    public typealias Complaint = (line: Int, why: String)

    private static let mostAtOnce = 50
    private static let mostBytesAtOnce = 2 << 20
    private static let mostComplaints = 20

    private let store: Store
    private let settings: Settings
    private let request: Request
    private let clock: WallClock
    private let runID = "backfill-file-\(UUID().uuidString.lowercased())"
    private var waiting: [BackfillItem] = []
    private var bytes = 0
    public private(set) var report: BackfillReport
    /// The first of them.
    public private(set) var complaints: [Complaint] = []
    public private(set) var faults = 0
    /// Of other tenants, sources or times.
    public private(set) var others = 0

    public init(store: Store, settings: Settings, request: Request, clock: WallClock = .system) {
        (self.store, self.settings, self.request, self.clock) = (store, settings, request, clock)
        report = BackfillReport(reached: request.since ?? Timestamp(milliseconds: 0))
    }

    /// - Parameter tell: called now and then.
    public mutating func run(path: String, tell: (BackfillReport) -> Void = { _ in }) throws(BackfillError) {
        var reader = try Self.open(path)
        var number = 0
        while let line = try Self.next(in: &reader, path) {
            number += 1
            switch line {
            case .text(let text): try take(text, number)
            case .tooLong: complain(number, "is longer than \(ExportLine.mostBytes >> 20) MiB")
            }
            if waiting.count >= Self.mostAtOnce || bytes >= Self.mostBytesAtOnce {
                try flush()
                tell(report)
            }
        }
        try flush()
    }

    private static func open(_ path: String) throws(BackfillError) -> LineReader {
        do {
            return try LineReader(path: path, mostBytes: ExportLine.mostBytes)
        } catch {
            throw .notSetUp("cannot read \(path); check that it exists and that this user may read it")
        }
    }

    private static func next(in reader: inout LineReader, _ path: String) throws(BackfillError) -> LineReader.Line? {
        do {
            return try reader.next()
        } catch {
            throw .notSetUp("\(path) could be read in part alone: \(error)")
        }
    }

    private mutating func take(_ text: Bytes, _ number: Int) throws(BackfillError) {
        guard text.contains(where: { $0 > 0x20 }) else { return }
        do throws(ExportLine.Fault) {
            let line = try ExportLine(text)
            guard isWanted(line) else { return others += 1 }
            guard let item = item(line) else { return complain(number, "is of source \(line.source), and cannot be read as its event") }
            waiting.append(item)
            bytes += line.body.count
            report.listed += 1
        } catch {
            complain(number, error.description)
        }
    }

    private func isWanted(_ line: ExportLine) -> Bool {
        if let tenant = line.tenant, tenant != request.tenant { return false }
        if let source = request.source, line.source != source { return false }
        guard let moment = line.receivedAt else { return true }
        return (request.since.map { moment >= $0 } ?? true) && (request.until.map { moment < $0 } ?? true)
    }

    private func item(_ line: ExportLine) -> BackfillItem? {
        guard let provider = settings.providers[line.source] else { return nil }
        let source = settings.anySource(line.source)
        guard let root = try? provider.stored(line.body, headers: line.headers), root.isObject else { return nil }
        var headers = line.headers
        if !headers.contains("gatepost-verified-by") { headers.append(name: "gatepost-verified-by".utf8, value: "file".utf8) }
        let arrival = Arrival(
            request: SignedRequest(method: "POST", url: "", headers: headers, body: line.body),
            mediaType: headers.single("content-type").map { MediaType.name(of: String(decoding: $0, as: UTF8.self)) } ?? "application/json",
            receivedAt: line.receivedAt ?? clock.now(), sourceIP: nil, requestID: runID, createdBy: "backfill")
        let admission = Admission(
            provider, routes: source?.routes ?? [], privacy: source?.privacy ?? SourcePrivacy(), hashKey: store.vault.hashKey)
        let event = admission.event(root, of: arrival, tenant: request.tenant)
            .asBefore(key: line.idempotencyKey, occurredAt: line.occurredAt)
        // What came by a webhook has its own id. What an API told has only this.
        let isAPIs = line.headers.single("gatepost-verified-by") == Bytes("api".utf8)
        return BackfillItem(event, state: isAPIs ? provider.state(of: root, headers: headers) : nil)
    }

    private mutating func complain(_ number: Int, _ why: String) {
        faults += 1
        if complaints.count < Self.mostComplaints { complaints.append((number, why)) }
    }

    private mutating func flush() throws(BackfillError) {
        guard !waiting.isEmpty else { return }
        let (items, writer, now) = (waiting, EventWriter(store: store), clock.now())
        (waiting, bytes) = ([], 0)
        let results: [(isNew: Bool, id: String?)]
        if request.isDry {
            results = try storing { () throws(StoreError) in try writer.foresee(items, known: nil) }.map { ($0, nil) }
        } else {
            var (known, progress): (KnownStates?, BackfillProgress?) = (nil, nil)
            let outcomes = try storing { () throws(StoreError) in
                try writer.backfill(items, known: &known, progress: &progress, now: now)
            }
            results = outcomes.map { ($0.isNew, $0.eventID) }
        }
        for (item, result) in zip(items, results) {
            if result.isNew { report.note(item.event, id: result.id) }
            report.taken += result.isNew ? 1 : 0
            report.duplicates += result.isNew ? 0 : 1
        }
    }
}
