import Common

/// Requests that verification refused, newest first.
struct RejectedPage {
    struct Row {
        let id, source, tenant, reason, words, from, outcome: String
        let received: Moment
        let href: String
    }

    static let rowsOnPage = 100

    let rows: [Row]
    let kept: Int
    let missed: Int
    /// Of those that are kept: refused still.
    let open: Int
    let older: String?
    let newer: String?
    let done: String?
    let problems: [String]
    let source, tenant, reason: String
    let isFiltered: Bool
    let reverifyAll: String?

    init(_ store: Store, _ visit: Visit) throws {
        let query = visit.request.query
        let (filter, problems) = Self.filter(query)
        self.problems = problems
        let queries = RejectionQueries(store: store)
        let own = PageFields(["source", "tenant", "reason"].compactMap { name in query[name].map { (name, $0) } })
        let part =
            problems.isEmpty
            ? try ListPart<Rejection>(
                query.with("said", nil).with("judged", nil), at: "/admin/rejected", size: Self.rowsOnPage, number: \.sequence,
                newest: { try queries.list(filter, before: $0 ?? .max, limit: $1) },
                next: { try queries.list(filter, after: $0, limit: $1) })
            : nil
        rows = part?.rows.map { Row($0, visit) } ?? []
        (older, newer) = (part?.older, part?.newer)
        (kept, missed) = problems.isEmpty ? try queries.count(filter) : (0, 0)
        open = problems.isEmpty ? try queries.count(filter.open).kept : 0
        (source, tenant, reason) = (query["source"] ?? "", query["tenant"] ?? "", query["reason"] ?? "")
        isFiltered = !source.isEmpty || !tenant.isEmpty || !reason.isEmpty
        reverifyAll = open > 0 ? own.link("/admin/confirm/reverify-all") : nil
        done =
            BulkReverify.Sums(query).map(\.words)
            ?? query["said"].flatMap { ReverifyReport.Result(rawValue: $0) }.map { "The request was judged again: \($0.rawValue)." }
    }

    /// What cannot be read is a problem in words, and not a filter that matches all.
    static func filter(_ query: PageFields) -> (RejectionFilter, problems: [String]) {
        var filter = RejectionFilter()
        var problems: [String] = []
        filter.source = query["source"].flatMap { SourceName($0) }
        filter.tenant = query["tenant"].flatMap { TenantName($0) }
        filter.reason = query["reason"]
        if query["source"] != nil, filter.source == nil { problems.append("source: expected 1 to 40 of a-z, 0-9 and '-'") }
        if query["tenant"] != nil, filter.tenant == nil { problems.append("tenant: expected 1 to 64 letters, digits, '.', '_' or '-'") }
        return (filter, problems)
    }
}

extension RejectionFilter {
    /// Those alone that are refused still.
    var open: RejectionFilter {
        var filter = self
        filter.onlyOpen = true
        return filter
    }
}

extension RejectedPage.Row {
    init(_ rejection: Rejection, _ visit: Visit) {
        self.init(
            id: rejection.id, source: rejection.source, tenant: rejection.tenant?.description ?? "(none named)", reason: rejection.reason,
            words: rejection.explanation, from: rejection.address ?? "", outcome: rejection.outcome?.rawValue ?? "rejected still",
            received: Moment(rejection.receivedAt, now: visit.now), href: "/admin/rejected/\(rejection.id)")
    }
}
