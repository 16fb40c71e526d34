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
    /// How a key begins that stands for a push that was begun, and of which nobody heard again.
    static let unwrittenKey = "*"

    /// The push it already belongs to: one under way, or one that failed and waits.
    public let pushKey: String?
    public let source: String
    public let eventType: String
    /// Of the raw body.
    public let bytes: Int

    public init(
        sequence: Int64, eventID: String, route: Route, lane: String?, attempts: Int = 0, pushKey: String? = nil,
        source: String, eventType: String, bytes: Int
    ) {
        self.sequence = sequence
        self.eventID = eventID
        self.route = route
        self.lane = lane
        self.attempts = attempts
        self.pushKey = pushKey
        self.source = source
        self.eventType = eventType
        self.bytes = bytes
    }

    init(row: Row) throws {
        guard let route = Route(rawValue: row[LaneColumn.route]) else {
            throw StoreError.sql(code: 20, reason: "unknown route", statement: JobSQL.lane)
        }
        self.init(
            sequence: row[LaneColumn.sequence], eventID: row[LaneColumn.id], route: route, lane: row[LaneColumn.lane],
            attempts: row[LaneColumn.attempts], pushKey: row[LaneColumn.pushKey],
            source: row[LaneColumn.source], eventType: row[LaneColumn.type], bytes: row[LaneColumn.bytes])
    }
}

/// Places of the columns of `JobSQL.lane`: a name would be looked for among them at each event.
enum LaneColumn {
    static let sequence = 0
    static let id = 1
    static let route = 2
    static let lane = 3
    static let attempts = 4
    static let pushKey = 5
    static let source = 6
    static let type = 7
    static let bytes = 8
    static let receivedAt = 9
    static let traceparent = 10
    static let headers = 11
    static let rawBody = 12
    static let requestID = 13
    static let occurredAt = 14
}
