/// What people ask of the store. Reads alone; every question's work is bounded, however many events there are.
public struct EventQueries: Sendable {
    let store: Store

    public init(store: Store) { self.store = store }

    public var mirrored: MirroredEvents { MirroredEvents(store: store) }

    /// Every statement behind these questions, for the test that prepares them.
    static let allSQL =
        EventListSQL.all + EventDetailSQL.all + EventCountSQL.all + BackfillSQL.all + EventExportSQL.all + ActivitySQL.all
        + ArrivalHistorySQL.all + OutageSQL.all
        + ReplaySearchSQL.all
}

/// Which events are asked for. What is nil does not matter.
public struct EventFilter: Sendable, Equatable {
    public var tenant: TenantName?
    public var source: SourceName?
    /// `*` stands for any run of characters.
    public var type: EventPattern?
    public var status: EventStatus?
    /// A person: the provider's id or the e-mail, as the lane has it, or as a whole text anywhere in the payload.
    public var user: String?
    /// Anywhere in our id, the provider's, the lane or the payload, in this very spelling.
    public var text: String?
    public var since: Timestamp?
    /// Exclusive.
    public var until: Timestamp?

    public init() {}
}

/// One event of a list.
public struct EventSummary: Sendable, Equatable {
    public let id: String
    public let source: String
    public let tenant: String
    public let type: String
    public let receivedAt: Timestamp
    public let occurredAt: Timestamp?
    public let status: String
    /// Tries that were answered.
    public let attempts: Int
    /// Of the last try.
    public let error: String?
    public let route: String
    public let lane: String?
    public let idempotencyKey: String?
}
