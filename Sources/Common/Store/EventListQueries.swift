import Foundation
import GRDB

/// Lists of events. A row's order of arrival begins with its time, so that time and page are ranges of the primary key.
enum EventListSQL {
    private static let body =
        "CASE WHEN headers LIKE 'sealed:%' THEN gatepost_body(seq, source, tenant, headers, raw_body) ELSE raw_body END"

    /// ?1 seq, exclusive, ?2 lowest seq, ?3 tenant, ?4 source, ?5 type as GLOB, ?6 status, ?7 the user's name, ?8 the user's e-mail lane,
    /// ?9 the user as JSON text (blob), ?10 the same in small letters, of an address that has others, ?11 since, ?12 until, ?13 a text,
    /// ?14 the same as a blob, ?15 and ?16 other spellings of it, ?17 most rows to give.
    /// Rejected requests are shown where their status is asked for. Newest first. How many rows are looked at is the caller's to bound, by ?2.
    static let newest = list("DESC", among: "")

    /// The same from the other end: the first to come first.
    static let oldest = list("ASC", among: "")

    /// The same of what waits for WordPress alone, however far it lies back; for when that is not much.
    static let newestWaiting = list("DESC", among: waiting)
    static let oldestWaiting = list("ASC", among: waiting)

    /// The same of dead letters.
    static let newestDead = list("DESC", among: dead)
    static let oldestDead = list("ASC", among: dead)

    private static let waiting = """
        seq IN (SELECT event_seq FROM lane_job UNION ALL
            SELECT event_seq FROM job_execution WHERE event_seq > (SELECT seq FROM lane_cursor) AND finished_at IS NULL) AND +
        """

    private static let dead = "seq IN (SELECT event_seq FROM job_execution INDEXED BY job_dead WHERE status = 'dead') AND +"

    /// - Parameter few: ends in a `+`, by which SQLite is not to take the range for its way.
    private static func list(_ order: String, among few: String) -> String {
        let plus = few.isEmpty ? "" : "+"
        return """
            SELECT seq, id, source, tenant, event_type, received_at, occurred_at, status, attempts, error, route, lane, idempotency_key
            FROM webhook_event
            WHERE \(few)seq < ?1 AND \(plus)seq >= ?2
                AND (?3 IS NULL OR tenant = ?3) AND (?4 IS NULL OR source = ?4) AND (?5 IS NULL OR event_type GLOB ?5)
                AND CASE WHEN ?6 IS NULL THEN signature_valid = 1 ELSE status = ?6 END
                AND (?11 IS NULL OR received_at >= ?11) AND (?12 IS NULL OR received_at < ?12)
                AND (?7 IS NULL OR lane IN (?7, ?8, source || ':' || ?7)
                    OR substr(lane, 1, 1) = '\(Vault.laneMark)' AND lane IN (
                        gatepost_lane(tenant, source || ':' || ?7), gatepost_lane(tenant, ?8), gatepost_lane(tenant, ?7))
                    OR instr(\(body), ?9) > 0 OR ?10 IS NOT NULL AND instr(\(body), ?10) > 0)
                AND (?13 IS NULL OR instr(id, ?13) > 0 OR instr(coalesce(idempotency_key, ''), ?13) > 0
                    OR instr(coalesce(lane, ''), ?13) > 0 OR instr(request_id, ?13) > 0 OR instr(coalesce(traceparent, ''), ?13) > 0
                    OR instr(coalesce(error, ''), ?13) > 0 OR instr(\(body), ?14) > 0
                    OR ?15 IS NOT NULL AND instr(\(body), ?15) > 0 OR ?16 IS NOT NULL AND instr(\(body), ?16) > 0)
            ORDER BY seq \(order) LIMIT ?17
            """
    }

    /// ?1 seq, exclusive, ?2 lowest seq, ?3 rows to pass over. The row at which a look at that many ends.
    static let lastLookedAt = lastLookedAt("DESC")

    static let lastLookedAtUpwards = lastLookedAt("ASC")

    private static func lastLookedAt(_ order: String) -> String {
        "SELECT seq, id FROM webhook_event WHERE seq < ?1 AND seq >= ?2 ORDER BY seq \(order) LIMIT 1 OFFSET ?3"
    }

    /// ?1 status. How many events stand in it, of all tenants and sources.
    static let standing = "SELECT coalesce(sum(events), 0) FROM event_count WHERE status = ?1"

    enum Order { case newestFirst, oldestFirst }

    /// - Parameter few: the status that few events stand in; nil: all events are looked at.
    static func list(_ order: Order, few: EventStatus?) -> String {
        switch (few, order) {
        case (.queued, .newestFirst): newestWaiting
        case (.queued, .oldestFirst): oldestWaiting
        case (.failed, .newestFirst): newestDead
        case (.failed, .oldestFirst): oldestDead
        case (_, .newestFirst): newest
        case (_, .oldestFirst): oldest
        }
    }

    static let all = [
        newest, oldest, newestWaiting, oldestWaiting, newestDead, oldestDead, lastLookedAt, lastLookedAtUpwards, standing,
    ]
}

/// Events of a list, newest first.
public struct EventPage: Sendable, Equatable {
    public let events: [EventSummary]
    /// The id that the next page comes before; nil where there is none.
    public let next: String?
    /// The list is short because we stopped looking, not because there are no more.
    public let stoppedLooking: Bool
}

extension EventQueries {
    /// - Parameters:
    ///   - before: only events that came before this one.
    ///   - limit: most events to give.
    ///   - mostLookedAt: rows that one call reads, 1 or more; tens of thousands take a fraction of a second.
    public func list(
        _ filter: EventFilter, before: EventID? = nil, limit: Int, mostLookedAt: Int = 50_000
    ) throws(StoreError) -> EventPage {
        let ceiling = min(before?.sequence ?? .max, filter.until.map(Self.firstSequence(at:)) ?? .max)
        let floor = filter.since.map(Self.firstSequence(at:)) ?? 0
        return try page(filter, floor..<max(floor, ceiling), .newestFirst, limit, mostLookedAt)
    }

    /// The events that came next after one, the first of them at the list's end: lists are newest first.
    /// - Returns: with `next`, after which the page before it begins; nil where there is none.
    public func list(
        _ filter: EventFilter, after: EventID, limit: Int, mostLookedAt: Int = 50_000
    ) throws(StoreError) -> EventPage {
        let ceiling = filter.until.map(Self.firstSequence(at:)) ?? .max
        let floor = max(after.sequence == .max ? .max : after.sequence + 1, filter.since.map(Self.firstSequence(at:)) ?? 0)
        let page = try page(filter, floor..<max(floor, ceiling), .oldestFirst, limit, mostLookedAt)
        return EventPage(events: page.events.reversed(), next: page.next, stoppedLooking: page.stoppedLooking)
    }

    private func page(
        _ filter: EventFilter, _ range: Range<Int64>, _ order: EventListSQL.Order, _ limit: Int, _ mostLookedAt: Int
    ) throws(StoreError) -> EventPage {
        try store.read { db in
            let few = try few(filter.status, most: mostLookedAt, db)
            var range = range
            var end: String?
            // What matches at once, or is found by an index, needs no bound.
            if few == nil, filter.isRare, let last = try lastLookedAt(range, order, mostLookedAt, db) {
                range = order == .newestFirst ? last.sequence..<range.upperBound : range.lowerBound..<last.sequence + 1
                end = last.id
            }
            let rows = try Row.fetchAll(
                db.cachedStatement(sql: EventListSQL.list(order, few: few)), arguments: filter.arguments(range, limit + 1))
            let events = rows.prefix(limit).map(EventSummary.init(row:))
            if rows.count > limit { return EventPage(events: events, next: events.last?.id, stoppedLooking: false) }
            return EventPage(events: events, next: end, stoppedLooking: end != nil)
        }
    }

    /// Nil where there are fewer rows than that.
    private func lastLookedAt(
        _ range: Range<Int64>, _ order: EventListSQL.Order, _ most: Int, _ db: Database
    ) throws -> (sequence: Int64, id: String)? {
        let sql = order == .newestFirst ? EventListSQL.lastLookedAt : EventListSQL.lastLookedAtUpwards
        return try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [range.upperBound, range.lowerBound, most - 1])
            .map { ($0["seq"], $0["id"]) }
    }

    /// Where few stand in the status that is asked for, they are found by it, and not by looking at everything that came since.
    private func few(_ status: EventStatus?, most: Int, _ db: Database) throws -> EventStatus? {
        guard let status, status == .queued || status == .failed else { return nil }
        let standing = try Int.fetchOne(db.cachedStatement(sql: EventListSQL.standing), arguments: [status.rawValue]) ?? 0
        return standing <= most ? status : nil
    }

    /// The lowest row number that an event of that moment can have, see `EventID`.
    static func firstSequence(at moment: Timestamp) -> Int64 { max(0, min(moment.milliseconds, 1 << 47)) << 15 }
}

extension EventFilter {
    /// Whether many rows may have to be read for one that matches.
    fileprivate var isRare: Bool { tenant != nil || source != nil || type != nil || status != nil || user != nil || text != nil }

    fileprivate func arguments(_ range: Range<Int64>, _ most: Int) -> StatementArguments {
        let forms = text.map { TextForms($0) }
        let others = forms.map(\.others) ?? []
        return [
            range.upperBound, range.lowerBound, tenant?.description, source?.description, type?.glob, status?.rawValue, user,
            user.map { "email:\($0.lowercased())" }, user.map { Data(JSONText.quoted($0)) },
            user.flatMap { $0.contains("@") && $0 != $0.lowercased() ? Data(JSONText.quoted($0.lowercased())) : nil },
            since?.milliseconds, until?.milliseconds, text, forms.map { Data($0.own) }, others.first.map { Data($0) },
            others.count > 1 ? Data(others[1]) : nil, most,
        ]
    }
}

extension EventPattern {
    /// The pattern as SQLite's GLOB has it, where `?` and `[` are special too.
    var glob: String {
        description.replacingOccurrences(of: "[", with: "[[]").replacingOccurrences(of: "?", with: "[?]")
    }
}

extension EventSummary {
    init(row: Row) {
        self.init(
            id: row["id"], source: row["source"], tenant: row["tenant"], type: row["event_type"],
            receivedAt: Timestamp(milliseconds: row["received_at"]),
            occurredAt: (row["occurred_at"] as Int64?).map(Timestamp.init(milliseconds:)), status: row["status"],
            attempts: row["attempts"], error: row["error"], route: row["route"], lane: row["lane"],
            idempotencyKey: row["idempotency_key"])
    }
}
