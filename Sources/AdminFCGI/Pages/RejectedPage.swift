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
    let older: String?
    let done: String?
    let source, tenant, reason: String
    let isFiltered: Bool

    init(_ store: Store, _ visit: Visit) throws {
        let query = visit.request.query
        var filter = RejectionFilter()
        filter.source = query["source"].flatMap { SourceName($0) }
        filter.tenant = query["tenant"].flatMap { TenantName($0) }
        filter.reason = query["reason"]
        let queries = RejectionQueries(store: store)
        (kept, missed) = try queries.count(filter)
        filter.until = query["until"].flatMap { Timestamp(rfc3339: $0) }
        let list = try queries.list(filter, limit: Self.rowsOnPage + 1)
        rows = list.prefix(Self.rowsOnPage).map { Row($0, visit) }
        older =
            list.count > Self.rowsOnPage
            ? query.with("until", list[Self.rowsOnPage - 1].receivedAt.description).link("/admin/rejected") : nil
        (source, tenant, reason) = (query["source"] ?? "", query["tenant"] ?? "", query["reason"] ?? "")
        isFiltered = !source.isEmpty || !tenant.isEmpty || !reason.isEmpty
        done = query["said"].flatMap { ReverifyReport.Result(rawValue: $0) }.map { "The request was judged again: \($0.rawValue)." }
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
