import GRDB

/// One event's open work, as the plan sees it.
public struct PendingJob: Sendable, Equatable {
    /// Order of arrival.
    public let sequence: Int64
    public let eventID: String
    public let route: Route
    /// Whose event it is; nil: nobody's, so that it waits for nobody.
    public let lane: String?
    public let attempts: Int
    public let dueAt: Timestamp
    /// How a key begins that stands for a push that was begun, and of which nobody heard again.
    static let unwrittenKey = "*"

    /// The push it already belongs to: one under way, or one that failed and waits.
    public let pushKey: String?
    public let source: String
    public let eventType: String
    /// Of the raw body.
    public let bytes: Int

    public init(
        sequence: Int64, eventID: String, route: Route, lane: String?, attempts: Int = 0, dueAt: Timestamp, pushKey: String? = nil,
        source: String, eventType: String, bytes: Int
    ) {
        self.sequence = sequence
        self.eventID = eventID
        self.route = route
        self.lane = lane
        self.attempts = attempts
        self.dueAt = dueAt
        self.pushKey = pushKey
        self.source = source
        self.eventType = eventType
        self.bytes = bytes
    }

    init(row: Row) throws {
        guard let route = Route(rawValue: row["task_name"]) else {
            throw StoreError.sql(code: 20, reason: "unknown task_name", statement: JobSQL.lane)
        }
        self.init(
            sequence: row["event_seq"], eventID: row["event_id"], route: route, lane: row["lane"], attempts: row["attempts"],
            dueAt: Timestamp(milliseconds: row["due_at"]), pushKey: row["push_key"], source: row["source"],
            eventType: row["event_type"], bytes: row["bytes"])
    }
}
