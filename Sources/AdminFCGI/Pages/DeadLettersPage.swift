import Common

/// Dead letters by cause, each with what mends it, and the first of them.
struct DeadLettersPage {
    struct Cause {
        let cause, fix: String
        let events: Int
        let show, retry, discard: String
        let isChosen: Bool
    }

    struct Row {
        let id, source, tenant, type, cause, error: String
        let tries: Int
        let died: Moment
        let href: String
    }

    static let rowsOnPage = 100

    let causes: [Cause]
    let rows: [Row]
    let chosen: String?
    let fields: PageFields
    let total: Int
    let isMore: Bool
    let all: String
    /// What was done before this page was asked for.
    let done: String?
    let tenant, source, cause: String

    init(_ store: Store, _ visit: Visit) throws {
        let query = visit.request.query
        let filter = Self.filter(query)
        let letters = DeadLetters(store: store)
        let counted = try letters.causes(DeadLetters.Filter(tenant: filter.tenant, source: filter.source))
        let base = PageFields([("tenant", query["tenant"] ?? ""), ("source", query["source"] ?? "")])
        causes = counted.map { cause, events in
            let of = base.with("cause", cause)
            return Cause(
                cause: cause, fix: CauseFix.text(cause), events: events, show: of.link("/admin/dead-letters"),
                retry: of.with("all", "1").link("/admin/confirm/retry"), discard: of.with("all", "1").link("/admin/confirm/discard"),
                isChosen: cause == filter.cause)
        }
        let list = try letters.list(filter, limit: Self.rowsOnPage + 1)
        rows = list.prefix(Self.rowsOnPage).map { Row($0, visit) }
        isMore = list.count > Self.rowsOnPage
        chosen = filter.cause
        fields = query
        total = counted.filter { filter.cause == nil || $0.cause == filter.cause }.reduce(0) { $0 + $1.events }
        all = base.link("/admin/dead-letters")
        done = Self.words(query)
        (tenant, source, cause) = (query["tenant"] ?? "", query["source"] ?? "", query["cause"] ?? "")
    }

    static func filter(_ query: PageFields) -> DeadLetters.Filter {
        DeadLetters.Filter(
            tenant: query["tenant"].flatMap { TenantName($0) }, source: query["source"].flatMap { SourceName($0) }, cause: query["cause"])
    }

    private static func words(_ query: PageFields) -> String? {
        guard let action = query["did"].flatMap(PageRoute.Action.init), let count = query["count"].flatMap({ Int($0) }) else { return nil }
        return Done.words(action, count)
    }
}

extension DeadLettersPage.Row {
    init(_ letter: DeadLetters.Letter, _ visit: Visit) {
        self.init(
            id: letter.id, source: letter.source, tenant: letter.tenant, type: letter.type, cause: letter.cause, error: letter.error ?? "",
            tries: letter.attempts, died: Moment(letter.diedAt, now: visit.now), href: "/admin/events/\(letter.id)")
    }
}
