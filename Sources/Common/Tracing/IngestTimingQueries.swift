import Foundation
import GRDB

enum IngestTimingSQL {
    /// Timings in a row: 8,000 bytes, for which a page of 8 KiB has room.
    static let together = 400

    /// ?1 timings, packed.
    static let add = "INSERT INTO ingest_timing (timings) VALUES (?1)"

    /// That nobody has read yet.
    static let waitingBytes = "SELECT coalesce(sum(length(timings)), 0) FROM ingest_timing"

    static let isAny = "SELECT EXISTS (SELECT 1 FROM ingest_timing) OR EXISTS (SELECT 1 FROM ingest_span)"

    static let oldest = "SELECT id, timings FROM ingest_timing ORDER BY id LIMIT 1"

    /// ?1 id, ?2 what is left of its timings.
    static let keep = "UPDATE ingest_timing SET timings = ?2 WHERE id = ?1"

    /// ?1 id.
    static let forget = "DELETE FROM ingest_timing WHERE id = ?1"

    /// ?1 event_seq.
    static let event = "SELECT id, request_id, traceparent, source, tenant, event_type, received_at FROM webhook_event WHERE seq = ?1"

    /// ?1 most rows. What the version before has left, each in a row of its own, the oldest first.
    static let olderRows = "SELECT event_seq, verify_us, commit_us, total_us FROM ingest_span ORDER BY event_seq LIMIT ?1"

    /// ?1 the last of them.
    static let forgetOlderRows = "DELETE FROM ingest_span WHERE event_seq <= ?1"

    static let forgetAll = "DELETE FROM ingest_timing"

    static let forgetAllOlderRows = "DELETE FROM ingest_span"

    static let all = [add, waitingBytes, isAny, oldest, keep, forget, event, olderRows, forgetOlderRows, forgetAll, forgetAllOlderRows]
}

extension Store {
    /// Takes out what ingest has left of events that are to be traced, the oldest `most` of them, and makes spans of it. Who dies with them
    /// has lost them: a trace is no event.
    /// - Returns: none of events that are gone; nil where ingest has left nothing.
    public func takeIngestSpans(most: Int) throws(StoreError) -> [Span]? {
        guard try read({ try Bool.fetchOne($0, sql: IngestTimingSQL.isAny) }) == true else { return nil }
        let timings = try writeSoon { db in
            let older = try Self.takeOlderRows(most: most, db)
            return older + (try Self.takeTimings(most: most - older.count, db))
        }
        return try read { db in
            let find = try db.cachedStatement(sql: IngestTimingSQL.event)
            return try timings.flatMap { one in
                try Row.fetchOne(find, arguments: [one.sequence]).map { Span.ofIngest(one.timing, of: $0) } ?? []
            }
        }
    }

    /// Nobody is to hear of them any more: tracing has been switched off.
    public func forgetIngestTimings() throws(StoreError) {
        guard try read({ try Bool.fetchOne($0, sql: IngestTimingSQL.isAny) }) == true else { return }
        try writeSoon { db in
            try db.execute(sql: IngestTimingSQL.forgetAll)
            try db.execute(sql: IngestTimingSQL.forgetAllOlderRows)
        }
    }

    private static func takeOlderRows(most: Int, _ db: Database) throws -> [EventTiming] {
        let timings = try Row.fetchAll(db.cachedStatement(sql: IngestTimingSQL.olderRows), arguments: [most]).map { row in
            EventTiming(
                sequence: row["event_seq"],
                timing: IngestTiming(verify: row["verify_us"], commit: row["commit_us"], total: row["total_us"]))
        }
        if let last = timings.last {
            try db.cachedStatement(sql: IngestTimingSQL.forgetOlderRows).execute(arguments: [last.sequence])
        }
        return timings
    }

    private static func takeTimings(most: Int, _ db: Database) throws -> [EventTiming] {
        var taken: [EventTiming] = []
        while taken.count < most, let row = try Row.fetchOne(db.cachedStatement(sql: IngestTimingSQL.oldest)) {
            let id: Int64 = row["id"]
            let timings = EventTiming.unpacked(Bytes(row["timings"] as Data))
            let some = timings.prefix(most - taken.count)
            taken += some
            if some.count < timings.count {
                let rest = Data(EventTiming.packed(timings[some.count...]))
                try db.cachedStatement(sql: IngestTimingSQL.keep).execute(arguments: [id, rest])
            } else {
                try db.cachedStatement(sql: IngestTimingSQL.forget).execute(arguments: [id])
            }
        }
        return taken
    }
}

extension Span {
    /// Ingest's work with one event, and its two parts.
    fileprivate static func ofIngest(_ timing: IngestTiming, of event: Row) -> [Span] {
        let id: String = event["id"]
        let trace = EventTrace(eventID: id, requestID: event["request_id"], traceparent: event["traceparent"])
        let start = (event["received_at"] as Int64) * 1_000_000
        let (verify, commit, total) = (Int64(timing.verify), Int64(timing.commit), Int64(timing.total))
        func part(_ name: String, from begin: Int64, to end: Int64) -> Span {
            Span(
                traceID: trace.traceID, id: trace.spanID(of: name), parentID: trace.spanID, name: name, kind: .inner,
                start: start + begin * 1000, end: start + end * 1000)
        }
        var whole = Span(
            traceID: trace.traceID, id: trace.spanID, parentID: trace.parent?.spanID, name: "ingest", kind: .server, start: start,
            end: start + total * 1000)
        whole.attributes = [
            ("gatepost.event_id", .text(id)), ("gatepost.source", .text(event["source"])), ("gatepost.tenant", .text(event["tenant"])),
            ("gatepost.event_type", .text(event["event_type"])), ("gatepost.request_id", .text(event["request_id"])),
        ]
        return [whole, part("verify", from: 0, to: verify), part("commit", from: max(0, total - commit), to: total)]
    }
}
