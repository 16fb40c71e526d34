import Foundation
import GRDB

/// Lists of events. A row's order of arrival begins with its time, so that time and page are ranges of the primary key.
enum EventListSQL {
    private static let body =
        "CASE WHEN headers LIKE 'sealed:%' THEN gatepost_body(seq, source, tenant, headers, raw_body) ELSE raw_body END"

    /// ?1 seq, exclusive, ?2 lowest seq, ?3 most rows to look at, ?4 tenant, ?5 source, ?6 type as GLOB, ?7 status,
    /// ?8 the user's name, ?9 the user's e-mail lane, ?10 the user as JSON text (blob), ?11 since, ?12 until, ?13 most rows to give,
    /// ?14 a text, ?15 the same as a blob, ?16 as ?10 in small letters, of an address that has others.
    /// Rejected requests are shown where their status is asked for.
    /// Newest first. The inner LIMIT keeps a rare filter from reading the whole table; SQLite pushes no condition below it.
    static let newest = list("DESC")

    /// The same from the other end: the first to come first.
    static let oldest = list("ASC")

    private static func list(_ order: String) -> String {
        """
        SELECT * FROM (
            SELECT seq, id, source, tenant, event_type, received_at, occurred_at, status, attempts, error, route, lane,
                idempotency_key, headers, raw_body, signature_valid
            FROM webhook_event WHERE seq < ?1 AND seq >= ?2 ORDER BY seq \(order) LIMIT ?3)
        WHERE (?4 IS NULL OR tenant = ?4) AND (?5 IS NULL OR source = ?5) AND (?6 IS NULL OR event_type GLOB ?6)
            AND CASE WHEN ?7 IS NULL THEN signature_valid = 1 ELSE status = ?7 END
            AND (?8 IS NULL OR lane IN (?8, ?9, source || ':' || ?8)
                OR lane IN (gatepost_lane(tenant, source || ':' || ?8), gatepost_lane(tenant, ?9), gatepost_lane(tenant, ?8))
                OR instr(\(body), ?10) > 0 OR ?16 IS NOT NULL AND instr(\(body), ?16) > 0)
            AND (?14 IS NULL OR instr(id, ?14) > 0 OR instr(coalesce(idempotency_key, ''), ?14) > 0 OR instr(coalesce(lane, ''), ?14) > 0
                OR instr(\(body), ?15) > 0)
            AND (?11 IS NULL OR received_at >= ?11) AND (?12 IS NULL OR received_at < ?12)
        ORDER BY seq \(order) LIMIT ?13
        """
    }

    /// ?1 seq, exclusive, ?2 lowest seq, ?3 rows to pass over. The row at which a look at that many ended.
    static let lastLookedAt = lastLookedAt("DESC")

    static let lastLookedAtUpwards = lastLookedAt("ASC")

    private static func lastLookedAt(_ order: String) -> String {
        "SELECT id FROM webhook_event WHERE seq < ?1 AND seq >= ?2 ORDER BY seq \(order) LIMIT 1 OFFSET ?3"
    }

    static let all = [newest, oldest, lastLookedAt, lastLookedAtUpwards]
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
        return try page(filter, floor..<max(floor, ceiling), EventListSQL.newest, EventListSQL.lastLookedAt, limit, mostLookedAt)
    }

    /// The events that came next after one, the first of them at the list's end: lists are newest first.
    /// - Returns: with `next`, after which the page before it begins; nil where there is none.
    public func list(
        _ filter: EventFilter, after: EventID, limit: Int, mostLookedAt: Int = 50_000
    ) throws(StoreError) -> EventPage {
        let ceiling = filter.until.map(Self.firstSequence(at:)) ?? .max
        let floor = max(after.sequence == .max ? .max : after.sequence + 1, filter.since.map(Self.firstSequence(at:)) ?? 0)
        let page = try page(filter, floor..<max(floor, ceiling), EventListSQL.oldest, EventListSQL.lastLookedAtUpwards, limit, mostLookedAt)
        return EventPage(events: page.events.reversed(), next: page.next, stoppedLooking: page.stoppedLooking)
    }

    private func page(
        _ filter: EventFilter, _ range: Range<Int64>, _ sql: String, _ lastLookedAt: String, _ limit: Int, _ mostLookedAt: Int
    ) throws(StoreError) -> EventPage {
        try store.read { db in
            let rows = try Row.fetchAll(
                db.cachedStatement(sql: sql),
                arguments: [
                    range.upperBound, range.lowerBound, mostLookedAt, filter.tenant?.description, filter.source?.description,
                    filter.type?.glob, filter.status?.rawValue, filter.user, filter.user.map { "email:\($0.lowercased())" },
                    filter.user.map { Data(JSONText.quoted($0)) }, filter.since?.milliseconds, filter.until?.milliseconds, limit + 1,
                    filter.text, filter.text.map { Data($0.utf8) },
                    filter.user.flatMap { $0.contains("@") && $0 != $0.lowercased() ? Data(JSONText.quoted($0.lowercased())) : nil },
                ])
            let events = rows.prefix(limit).map(EventSummary.init(row:))
            if rows.count > limit { return EventPage(events: events, next: events.last?.id, stoppedLooking: false) }
            let last = try String.fetchOne(
                db.cachedStatement(sql: lastLookedAt), arguments: [range.upperBound, range.lowerBound, mostLookedAt - 1])
            return EventPage(events: events, next: last, stoppedLooking: last != nil)
        }
    }

    /// The lowest row number that an event of that moment can have, see `EventID`.
    static func firstSequence(at moment: Timestamp) -> Int64 { max(0, min(moment.milliseconds, 1 << 47)) << 15 }
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
