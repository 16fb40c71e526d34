import Common

/// Events, newest first, by a filter; a page is as quick wherever in the store it lies.
struct EventsPage {
    struct Row {
        let id, source, type, status, tenant: String
        let error: String?
        let received: Moment
        let href: String
    }

    struct Choice {
        let value: String
        let isChosen: Bool
    }

    static let rowsOnPage = 50
    /// Rows that are read at a time; a page that found nothing reads on for a second.
    static let mostLookedAt = 20_000

    let fields: EventsQuery
    let statuses: [Choice]
    let problems: [String]
    let rows: [Row]
    /// What has exactly this id, ours or the provider's, however far back it lies.
    let named: [Row]
    /// Payloads are encrypted, and we have no key to them.
    let isBlind: Bool
    /// The words above the list.
    let found: String
    /// Where the list goes on; nil at its end.
    let older: String?
    let newer: String?
    let newest: String?
    /// Everything of the person that is filtered by.
    let person: String?
    let stoppedAt: Moment?
    let isFiltered: Bool
    let isDetailed: Bool

    init(_ store: Store, _ visit: Visit) throws {
        let query = visit.request.query
        let (filter, problems) = EventsQuery.filter(query)
        fields = EventsQuery(query)
        isDetailed = fields.isDetailed
        self.problems = problems
        statuses = EventStatus.allCases.map { Choice(value: $0.rawValue, isChosen: filter.status == $0) }
        isFiltered = filter != EventFilter()
        let queries = EventQueries(store: store)
        let isFirst = query["before"] == nil && query["after"] == nil
        let named = isFirst && problems.isEmpty ? try Self.named(filter, queries, visit) : []
        // Where the id itself is found there is no need to look on for its text.
        let turn = problems.isEmpty ? try EventsTurn(filter, query, queries) { named.isEmpty && visit.hasTime } : EventsTurn()
        rows = turn.events.map { Row($0, visit) }
        let listed = Set(turn.events.map(\.id))
        self.named = named.filter { !listed.contains($0.id) }
        isBlind = try (filter.text != nil || filter.user != nil) && queries.newestIsUnreadable()
        let bare = query.with("before", nil).with("after", nil)
        older = turn.older.map { bare.with("before", $0).link("/admin/events") }
        newer = turn.newer.map { bare.with("after", $0).link("/admin/events") }
        newest = turn.newer == nil ? nil : bare.link("/admin/events")
        person = filter.user.map { PageFields([("who", $0), ("tenant", filter.tenant?.description ?? "")]).link("/admin/people") }
        let end = turn.stoppedAt
        stoppedAt = end.map { Moment(Timestamp(milliseconds: $0.sequence >> 15), now: visit.now) }
        found = rows.isEmpty ? "No event" : "\(rows.count) event\(rows.count == 1 ? "" : "s"), newest first"
    }

    private static func named(_ filter: EventFilter, _ queries: EventQueries, _ visit: Visit) throws -> [Row] {
        guard let text = filter.text else { return [] }
        return try queries.find(text).filter { event in
            event.signatureValid && (filter.tenant.map { $0.description == event.summary.tenant } ?? true)
        }.prefix(10).map { Row($0.summary, visit) }
    }
}

extension EventsPage.Row {
    init(_ event: EventSummary, _ visit: Visit) {
        self.init(
            id: event.id, source: event.source, type: event.type, status: event.status,
            tenant: event.tenant.isEmpty ? "(none)" : event.tenant,
            error: event.error, received: Moment(event.receivedAt, now: visit.now),
            href: "/admin/events/\(event.id)")
    }
}
