import GRDB

/// How many events stand where, from the counts that are kept of them.
enum EventCountSQL {
    /// In order of tenant and source.
    static let tallies = "SELECT tenant, source, status, events FROM event_count WHERE events <> 0 ORDER BY tenant, source, status"

    /// When the oldest event came that still waits. Reads open work alone, whatever was done before.
    static let oldestOpen = """
        SELECT received_at FROM webhook_event
        WHERE seq = (SELECT min(first) FROM (
            SELECT min(event_seq) AS first FROM lane_job
            UNION ALL
            SELECT min(event_seq) FROM job_execution WHERE event_seq > (SELECT seq FROM lane_cursor) AND finished_at IS NULL))
        """

    static let all = [tallies, oldestOpen]
}

/// The state of the queue at one moment.
public struct EventCounts: Sendable, Equatable {
    public struct Line: Sendable, Equatable {
        public let tenant: String
        public let source: String
        public internal(set) var events: [EventStatus: Int]
    }

    /// One for each tenant and source that ever had an event, in order.
    public let lines: [Line]
    /// When the oldest event came that waits for WordPress; nil when none does.
    public let oldestQueued: Timestamp?

    public func total(_ status: EventStatus) -> Int { lines.reduce(0) { $0 + ($1.events[status] ?? 0) } }
}

extension EventQueries {
    public func counts() throws(StoreError) -> EventCounts {
        try store.read { db in
            var lines: [EventCounts.Line] = []
            for row in try Row.fetchAll(db.cachedStatement(sql: EventCountSQL.tallies)) {
                let (tenant, source): (String, String) = (row["tenant"], row["source"])
                if lines.last?.tenant != tenant || lines.last?.source != source {
                    lines.append(EventCounts.Line(tenant: tenant, source: source, events: [:]))
                }
                if let status = EventStatus(rawValue: row["status"]) { lines[lines.count - 1].events[status] = row["events"] }
            }
            let oldest = try Int64.fetchOne(db.cachedStatement(sql: EventCountSQL.oldestOpen))
            return EventCounts(lines: lines, oldestQueued: oldest.map(Timestamp.init(milliseconds:)))
        }
    }
}
