import Common

/// The second judgement of every rejected request that matches, in parts: each judges some and says which comes next.
struct BulkReverify {
    /// Requests that one part judges, and their bodies with them: about a second of work.
    static let mostAtOnce = 200

    /// What has come of the parts before. It goes round in the form, and decides nothing.
    struct Sums {
        var judged = 0
        var admitted = 0
        var duplicates = 0
        var refused = 0

        init() {}

        init?(_ fields: PageFields) {
            guard let judged = Self.count(fields["judged"]) else { return nil }
            self.judged = judged
            admitted = Self.count(fields["admitted"]) ?? 0
            duplicates = Self.count(fields["duplicates"]) ?? 0
            refused = Self.count(fields["refused"]) ?? 0
        }

        private static func count(_ text: String?) -> Int? {
            text.flatMap { Int64(decimalDigits: Bytes($0.utf8)) }.map { Int(min($0, 1_000_000_000)) }
        }

        mutating func add(_ report: ReverifyReport) {
            judged += report.lines.count
            admitted += report.count(.admitted)
            duplicates += report.count(.duplicate)
            refused += report.count(.refused)
        }

        var fields: [(name: String, value: String)] {
            [("judged", judged), ("admitted", admitted), ("duplicates", duplicates), ("refused", refused)].map { ($0.0, String($0.1)) }
        }

        var words: String {
            "\(judged) request\(judged == 1 ? "" : "s") judged again: \(admitted) taken in, \(duplicates) known already, \(refused) refused still."
        }
    }

    let filter: RejectionFilter
    /// Those before it are judged.
    let after: Int64
    /// What came later was not counted, and is not judged: else a sender who goes on would keep this from ending.
    let through: Int64
    var sums: Sums
    private let own: PageFields

    /// Nil for what no form of ours says.
    init?(_ fields: PageFields) {
        let (filter, problems) = RejectedPage.filter(fields)
        guard problems.isEmpty, let through = fields["through"].flatMap({ Int64(decimalDigits: Bytes($0.utf8)) }) else { return nil }
        self.init(filter.open, fields, through: through)
    }

    init(_ filter: RejectionFilter, _ fields: PageFields, through: Int64) {
        self.filter = filter
        self.through = through
        after = fields["after"].flatMap { Int64(decimalDigits: Bytes($0.utf8)) } ?? -1
        sums = Sums(fields) ?? Sums()
        own = PageFields(["source", "tenant", "reason"].compactMap { name in fields[name].map { (name, $0) } })
    }

    func next(in queries: RejectionQueries) throws(StoreError) -> [Int64] {
        try queries.list(filter, after: after, limit: Self.mostAtOnce).map(\.sequence).filter { $0 <= through }
    }

    /// For the audit.
    var words: String { "all" + own.pairs.map { " --\($0.name) \($0.value)" }.joined() }

    /// To go with the form that does the next part.
    func hidden(after: Int64) -> [EventPageView.Pair] {
        (own.pairs + [("through", String(through)), ("after", String(after))] + sums.fields).map { .init(name: $0.name, value: $0.value) }
    }

    var end: String { PageFields(own.pairs + sums.fields).link("/admin/rejected") }
}

extension Site {
    func confirmReverifyAll(_ visit: Visit) throws -> PageResponse {
        let (filter, problems) = RejectedPage.filter(visit.request.query)
        let queries = RejectionQueries(store: try store(visit))
        guard problems.isEmpty, let last = try queries.lastSequence(filter.open) else {
            return say(MessagePage(notDone: "No request that is refused still matches.", advice: problems.first), visit)
        }
        let count = try queries.count(filter.open).kept
        let requests = "\(count) request\(count == 1 ? "" : "s")"
        let bulk = BulkReverify(filter.open, visit.request.query, through: last)
        let page = ConfirmPage(
            heading: "Judge \(requests) again?",
            words: "Each is judged by today's settings, as of its arrival. What verifies becomes an event, unless it is one already.",
            button: "Judge \(requests) again", action: "/admin/do/reverify-all", count: count, hidden: bulk.hidden(after: -1),
            token: newToken(visit), wantsReason: false, offersAsNew: false, isDangerous: false, back: "/admin/rejected")
        return show("confirm", page.heading, .rejected, page, visit)
    }

    func reverifyAll(_ desk: Acting, _ visit: Visit) throws -> PageResponse {
        guard var bulk = BulkReverify(visit.request.form) else { return gone(.rejection, visit) }
        let queries = RejectionQueries(store: desk.store)
        let some = try bulk.next(in: queries)
        guard let last = some.last else { return .seeOther(bulk.end) }
        try desk.record("rejected.reverify", bulk.words, count: some.count, detail: nil)
        var run = try desk.reverifyRun()
        try run.judge(some)
        bulk.sums.add(run.report)
        let rest = try bulk.rest(behind: last, in: queries)
        guard rest > 0 else { return .seeOther(bulk.end) }
        let (done, total) = (bulk.sums.judged, bulk.sums.judged + rest)
        var page = ConfirmPage(
            heading: "\(done) of \(total) judged", words: bulk.sums.words + " Leave this page and the rest stays as it is.",
            button: "Go on with the other \(rest)", action: "/admin/do/reverify-all", count: rest, hidden: bulk.hidden(after: last),
            token: newToken(visit), wantsReason: false, offersAsNew: false, isDangerous: false, back: "/admin/rejected")
        (page.progress, page.total) = (done, total)
        return show("confirm", page.heading, .rejected, page, visit)
    }
}

extension BulkReverify {
    fileprivate func rest(behind last: Int64, in queries: RejectionQueries) throws(StoreError) -> Int {
        try queries.count(filter, after: last, through: through)
    }
}
