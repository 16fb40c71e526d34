import Common

/// Dead letters by cause, each with what mends it, in the order in which they died.
struct DeadLettersPage {
    struct Cause {
        let cause: String
        let fix: Prose
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
    /// Dead letters that are counted by cause.
    static let mostCounted = 50_000

    let causes: [Cause]
    let rows: [Row]
    let hasRows: Bool
    let chosen: String?
    let fields: PageFields
    let total: Int
    /// There are more of them than were counted.
    let isCut: Bool
    let earlier: String?
    let later: String?
    let problems: [String]
    let all: String
    /// What was done before this page was asked for.
    let done: String?
    let tenant, source, cause: String

    init(_ store: Store, _ visit: Visit) throws {
        let query = visit.request.query
        let (filter, problems) = Self.filter(query)
        self.problems = problems
        let letters = DeadLetters(store: store)
        let counted =
            problems.isEmpty
            ? try letters.causes(DeadLetters.Filter(tenant: filter.tenant, source: filter.source), mostLookedAt: Self.mostCounted) : []
        isCut = counted.reduce(0) { $0 + $1.events } >= Self.mostCounted
        let base = PageFields([("tenant", query["tenant"] ?? ""), ("source", query["source"] ?? "")])
        causes = counted.map { cause, events in
            let of = base.with("cause", cause)
            return Cause(
                cause: cause, fix: Prose(CauseFix.text(cause)), events: events, show: of.link("/admin/dead-letters"),
                retry: of.with("all", "1").link("/admin/confirm/retry"), discard: of.with("all", "1").link("/admin/confirm/discard"),
                isChosen: cause == filter.cause)
        }
        let page = problems.isEmpty ? try Self.page(letters, filter, query) : DeadLetters.Page()
        rows = page.letters.map { Row($0, visit) }
        hasRows = !rows.isEmpty
        let own = base.with("cause", filter.cause)
        earlier = page.before.map { own.with("before", $0.description).link("/admin/dead-letters") }
        later = page.after.map { own.with("after", $0.description).link("/admin/dead-letters") }
        chosen = filter.cause
        fields = query
        total = counted.filter { filter.cause == nil || $0.cause == filter.cause }.reduce(0) { $0 + $1.events }
        all = base.link("/admin/dead-letters")
        done = Self.words(query)
        (tenant, source, cause) = (query["tenant"] ?? "", query["source"] ?? "", query["cause"] ?? "")
    }

    private static func page(_ letters: DeadLetters, _ filter: DeadLetters.Filter, _ query: PageFields) throws -> DeadLetters.Page {
        if let before = query["before"].flatMap({ DeadLetters.Place($0) }) {
            return try letters.page(filter, before: before, limit: rowsOnPage)
        }
        return try letters.page(filter, after: query["after"].flatMap { DeadLetters.Place($0) }, limit: rowsOnPage)
    }

    /// What cannot be read is a problem in words, and not a filter that matches all.
    static func filter(_ query: PageFields) -> (DeadLetters.Filter, problems: [String]) {
        let filter = DeadLetters.Filter(
            tenant: query["tenant"].flatMap { TenantName($0) }, source: query["source"].flatMap { SourceName($0) }, cause: query["cause"])
        var problems: [String] = []
        if query["tenant"] != nil, filter.tenant == nil { problems.append("tenant: expected 1 to 64 letters, digits, '.', '_' or '-'") }
        if query["source"] != nil, filter.source == nil { problems.append("source: expected 1 to 40 of a-z, 0-9 and '-'") }
        return (filter, problems)
    }

    private static func words(_ query: PageFields) -> String? {
        guard let action = query["did"].flatMap(PageRoute.Action.init), let count = query["count"].flatMap({ Int($0) }) else { return nil }
        guard let emptied = query["emptied"].flatMap({ Int($0) }), emptied > 0 else { return Done.words(action, count) }
        return Done.words(action, count) + " \(emptied) more have no payload any more; all that is left is to give them up."
    }
}

extension DeadLettersPage.Row {
    init(_ letter: DeadLetters.Letter, _ visit: Visit) {
        self.init(
            id: letter.id, source: letter.source, tenant: letter.tenant, type: letter.type, cause: letter.cause, error: letter.error ?? "",
            tries: letter.attempts, died: Moment(letter.diedAt, now: visit.now), href: "/admin/events/\(letter.id)")
    }
}
