import Common
import Transport

/// WooCommerce's orders by the time of their last change, and all its customers, whose list knows no times:
/// https://woocommerce.github.io/woocommerce-rest-api-docs/#list-all-orders. Pages have numbers, `X-WP-Total` counts: when an object leaves a
/// list that is being read, the one at a page's edge is passed over, so a slice is cut until it fits a page.
struct WooCommerceReader: ProviderReader {
    let kinds: [String]
    let mostPages = 2
    private var customers: [Finding] = []

    private static let path = "/wp-json/wc/v3"
    private static let pageSize = 100
    private static let mostCustomerPages = 2000

    init(types: [EventPattern]) {
        let singular = ["orders": "order", "customers": "customer"]
        kinds = ["orders", "customers"].filter { kind in
            types.isEmpty || types.contains { $0.fitsOne(of: ["created", "updated"].map { "\(singular[kind] ?? kind).\($0)" }) }
        }
    }

    mutating func prepare(_ window: Range<Timestamp>, _ api: APIClient) throws(BackfillError) {
        guard kinds.contains("customers") else { return }
        for number in 1...Self.mostCustomerPages {
            let response = try api.get(
                "\(Self.path)/customers",
                [("per_page", String(Self.pageSize)), ("page", String(number)), ("orderby", "id"), ("order", "asc")])
            let page = try findings("customer", response, api)
            customers += page.filter { window.contains($0.at) }
            if isLast(number, of: page, response) { return }
        }
        throw .unexpected(host: api.host, "more than \(Self.mostCustomerPages) pages of customers")
    }

    /// A proxy may take the count away: then a page that is full is not the last.
    private func isLast(_ number: Int, of page: [Finding], _ response: HTTPResponse) -> Bool {
        response.header("x-wp-totalpages").flatMap { Int($0) }.map { number >= $0 } ?? (page.count < Self.pageSize)
    }

    func page(_ kind: String, _ slice: Range<Timestamp>, cursor: String?, _ api: APIClient) throws(BackfillError) -> Page {
        if kind == "customers" { return Page(findings: customers.filter { slice.contains($0.at) }, next: nil) }
        let parts = (cursor ?? "1/").split(separator: "/").map { Int($0) ?? 0 }
        let number = parts[0]
        let before = Timestamp(milliseconds: slice.lowerBound.milliseconds - 1000)
        // Both bounds are exclusive.
        let response = try api.get(
            "\(Self.path)/orders",
            [
                ("modified_after", before.wholeSeconds), ("modified_before", slice.upperBound.wholeSeconds), ("dates_are_gmt", "true"),
                ("status", "any"), ("orderby", "id"), ("order", "asc"), ("per_page", String(Self.pageSize)), ("page", String(number)),
            ])
        let total = response.header("x-wp-total").flatMap { Int($0) }
        if parts.count > 1, let total, total < parts[1] { throw .expired }
        let page = try findings("order", response, api)
        return Page(findings: page, next: isLast(number, of: page, response) ? nil : "\(number + 1)/\(total ?? 0)")
    }

    private func findings(_ kind: String, _ response: HTTPResponse, _ api: APIClient) throws(BackfillError) -> [Finding] {
        let root = try api.document(response)
        guard root.isArray else { throw .unexpected(host: api.host, "a list that is none; a page before WordPress?") }
        let findings = root.elements.compactMap { finding(kind, $0) }
        guard findings.count == root.elements.count else { throw .unexpected(host: api.host, "one of its \(kind)s without id or time") }
        return findings
    }

    private func finding(_ kind: String, _ object: JSONValue) -> Finding? {
        func moment(_ name: String) -> Timestamp? { object[name]?.string.flatMap { Timestamp(rfc3339: $0 + "Z") } }
        // Who has only registered was never modified.
        guard let at = moment("date_modified_gmt") ?? moment("date_created_gmt"), let id = object["id"]?.scalarText else { return nil }
        func headers(_ word: String, _ delivery: String) -> [(String, String)] {
            [
                ("content-type", "application/json"), ("x-wc-webhook-topic", "\(kind).\(word)"), ("x-wc-webhook-resource", kind),
                ("x-wc-webhook-event", word), ("x-wc-webhook-delivery-id", delivery),
            ]
        }
        return Finding(
            headers: headers("updated", "state-\(id)-\(at.milliseconds)"), body: Bytes(object.raw), at: at,
            creation: moment("date_created_gmt").map { ($0, headers("created", "state-\(id)-created")) })
    }
}
