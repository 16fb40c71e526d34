import Common
import Transport

/// Shopify's orders and customers by the time of their last change: https://shopify.dev/docs/api/admin-rest/latest/resources/order. Up to 250
/// a page, the next one's address in `Link`, with nothing beside it that could be changed (`page_info`). Orders older than 60 days need the
/// scope `read_all_orders`. Shopify calls this API legacy and keeps it for custom apps.
struct ShopifyReader: ProviderReader {
    let version: String
    let kinds: [String]

    static let latest = "2026-07"

    /// - Parameter types: topics; a kind that none of them fits is not read.
    init(version: String?, types: [EventPattern]) {
        self.version = version ?? Self.latest
        kinds = ["orders", "customers"].filter { kind in
            types.isEmpty || types.contains { $0.fitsOne(of: ["\(kind)/create", "\(kind)/updated", "\(kind)/update"]) }
        }
    }

    func page(_ kind: String, _ slice: Range<Timestamp>, cursor: String?, _ api: APIClient) throws(BackfillError) -> Page {
        let response: HTTPResponse
        do throws(BackfillError) {
            if let cursor {
                response = try api.get(url: cursor)
            } else {
                response = try api.get("/admin/api/\(version)/\(kind).json", query(kind, slice))
            }
        } catch {
            // A `page_info` lives for some time only.
            if cursor != nil, case .refused(_, 400...422, _, _) = error { throw .expired }
            throw error
        }
        guard let list = try api.document(response)[kind], list.isArray else {
            throw .unexpected(host: api.host, "a list of \(kind) without \(kind)")
        }
        let findings = list.elements.compactMap { finding(kind, $0) }
        guard findings.count == list.elements.count else { throw .unexpected(host: api.host, "one of its \(kind) without id or time") }
        return Page(findings: findings, next: response.nextLink)
    }

    private func query(_ kind: String, _ slice: Range<Timestamp>) -> [(String, String)] {
        let last = Timestamp(milliseconds: slice.upperBound.milliseconds - 1000)
        return (kind == "orders" ? [("status", "any")] : []) + [
            ("limit", "250"), ("updated_at_min", slice.lowerBound.wholeSeconds + "Z"), ("updated_at_max", last.wholeSeconds + "Z"),
        ]
    }

    private func finding(_ kind: String, _ object: JSONValue) -> Finding? {
        guard let updated = object["updated_at"]?.string, let at = Timestamp(rfc3339: updated), let id = object["id"]?.scalarText else {
            return nil
        }
        let created = object["created_at"]?.string.flatMap { Timestamp(rfc3339: $0) }
        func headers(_ topic: String, _ webhook: String) -> [(String, String)] {
            [("content-type", "application/json"), ("x-shopify-topic", "\(kind)/\(topic)"), ("x-shopify-webhook-id", webhook)]
        }
        return Finding(
            headers: headers(kind == "orders" ? "updated" : "update", "state-\(kind)-\(id)-\(at.milliseconds)"), body: Bytes(object.raw),
            at: at, creation: created.map { ($0, headers("create", "state-\(kind)-\(id)-created")) })
    }
}

extension EventPattern {
    func fitsOne(of types: [String]) -> Bool { types.contains { matches($0) } }
}
