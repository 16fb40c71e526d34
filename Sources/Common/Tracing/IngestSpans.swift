import GRDB
import Synchronization

enum IngestSpanSQL {
    /// Rows that one statement adds.
    static let together = 64

    private static let rows = Array(repeating: "(?, ?, ?, ?)", count: together).joined(separator: ", ")

    /// ?1 event_seq, ?2 verify_us, ?3 commit_us, ?4 total_us, and so on for each event; NULL: none.
    static let add = """
        INSERT OR IGNORE INTO ingest_span (event_seq, verify_us, commit_us, total_us)
        SELECT column1, column2, column3, column4 FROM (VALUES \(rows)) WHERE column1 IS NOT NULL
        """

    /// Rows that nobody has read yet.
    static let count = "SELECT count(*) FROM ingest_span"

    /// Rows in the table at most: where nobody reads them it must not grow.
    static let most = 20_000

    /// ?1 most rows. The oldest first.
    static let some = """
        SELECT e.id, e.request_id, e.traceparent, e.source, e.tenant, e.event_type, e.received_at, s.event_seq, s.verify_us, s.commit_us,
            s.total_us
        FROM ingest_span s LEFT JOIN webhook_event e ON e.seq = s.event_seq ORDER BY s.event_seq LIMIT ?1
        """

    /// ?1 event_seq.
    static let forget = "DELETE FROM ingest_span WHERE event_seq = ?1"

    static let all = [add, count, some, forget]
}

/// How long ingest took with one post, in parts.
public struct IngestTiming: Sendable {
    /// From its first byte: read and verified; the commit it went with; until the answer could go.
    public let verify, commit, total: Duration

    public init(verify: Duration, commit: Duration, total: Duration) {
        self.verify = verify
        self.commit = commit
        self.total = total
    }
}

/// Timings of events that are to be traced, on their way to the store. Nothing waits for them; beyond the bound they are dropped and counted.
public final class PendingTimings: Sendable {
    typealias Entry = (eventID: String, timing: IngestTiming)

    private static let most = 4096
    /// That one timing makes.
    private static let spans: Int64 = 3
    private let sampler: Sampler
    private let entries = Mutex<[Entry]>([])

    public init(_ sampler: Sampler) { self.sampler = sampler }

    /// - Returns: spans that had no room.
    public func add(_ outcomes: [StoreOutcome], of events: [NewEvent], _ timing: IngestTiming) -> Int64 {
        var dropped: Int64 = 0
        for (outcome, event) in zip(outcomes, events) {
            guard case .stored(let id) = outcome,
                sampler.samples(eventID: id, requestID: event.requestID, traceparent: event.traceparent)
            else { continue }
            let isKept = entries.withLock { entries in
                guard entries.count < Self.most else { return false }
                entries.append((id, timing))
                return true
            }
            dropped += isKept ? 0 : Self.spans
        }
        return dropped
    }

    func takeAll() -> [Entry] {
        entries.withLock { entries in
            defer { entries = [] }
            return entries
        }
    }

    /// What could not be written down: before what has come meanwhile, and beyond the bound, since it was within it once.
    func putBack(_ older: [Entry]) { entries.withLock { $0 = older + $0 } }

    /// - Returns: spans that had no room.
    static func write(_ entries: [Entry], _ db: Database) throws -> Int64 {
        guard !entries.isEmpty else { return 0 }
        let waiting = try Int.fetchOne(db.cachedStatement(sql: IngestSpanSQL.count)) ?? 0
        let some = entries.prefix(max(0, IngestSpanSQL.most - waiting))
        let add = try RawStatement(IngestSpanSQL.add, in: db, BindingArena(bytes: 0))
        for start in stride(from: 0, to: some.count, by: IngestSpanSQL.together) {
            // What is not bound is NULL.
            for (place, entry) in zip(Int32(0)..., some[start..<min(start + IngestSpanSQL.together, some.count)]) {
                guard let sequence = EventID(entry.eventID)?.sequence else { continue }
                add.bind(sequence, at: place * 4 + 1)
                add.bind(entry.timing.verify.microseconds, at: place * 4 + 2)
                add.bind(entry.timing.commit.microseconds, at: place * 4 + 3)
                add.bind(entry.timing.total.microseconds, at: place * 4 + 4)
            }
            try add.run(db)
        }
        return Int64(entries.count - some.count) * spans
    }
}

extension Store {
    /// Takes out what ingest has left of events that are to be traced, at most `most` of them, and makes spans of it. Who dies with them
    /// has lost them: a trace is no event.
    public func takeIngestSpans(most: Int) throws(StoreError) -> [Span] {
        guard try read({ try Int64.fetchOne($0, sql: "SELECT event_seq FROM ingest_span LIMIT 1") }) != nil else { return [] }
        return try writeSoon { db in
            let rows = try Row.fetchAll(db.cachedStatement(sql: IngestSpanSQL.some), arguments: [most])
            let forget = try db.cachedStatement(sql: IngestSpanSQL.forget)
            for row in rows { try forget.execute(arguments: [row["event_seq"] as Int64]) }
            return rows.flatMap { Span.ofIngest($0) }
        }
    }
}

extension Span {
    /// Ingest's work with one event, and its two parts. None where the event is gone.
    fileprivate static func ofIngest(_ row: Row) -> [Span] {
        guard let id = row["id"] as String? else { return [] }
        let trace = EventTrace(eventID: id, requestID: row["request_id"], traceparent: row["traceparent"])
        let start = (row["received_at"] as Int64) * 1_000_000
        let (verify, commit, total): (Int64, Int64, Int64) = (row["verify_us"], row["commit_us"], row["total_us"])
        func part(_ name: String, from begin: Int64, to end: Int64) -> Span {
            Span(
                traceID: trace.traceID, id: trace.spanID(of: name), parentID: trace.spanID, name: name, kind: .inner,
                start: start + begin * 1000, end: start + end * 1000)
        }
        var whole = Span(
            traceID: trace.traceID, id: trace.spanID, parentID: trace.parent?.spanID, name: "ingest", kind: .server, start: start,
            end: start + total * 1000)
        whole.attributes = [
            ("gatepost.event_id", .text(id)), ("gatepost.source", .text(row["source"])), ("gatepost.tenant", .text(row["tenant"])),
            ("gatepost.event_type", .text(row["event_type"])), ("gatepost.request_id", .text(row["request_id"])),
        ]
        return [whole, part("verify", from: 0, to: verify), part("commit", from: max(0, total - commit), to: total)]
    }
}
