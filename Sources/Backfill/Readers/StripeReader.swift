import Common
import Transport

/// Stripe's List Events: https://docs.stripe.com/api/events/list. Newest first, up to 100 a page, `starting_after` an event's id; goes back
/// 30 days. The ids are those of its webhooks. An event looks as it did in the account's API version when it was made; an endpoint with a
/// version of its own was sent another form.
struct StripeReader: ProviderReader {
    let types: [EventPattern]
    /// Only what was not delivered to some endpoint, or not yet.
    let undelivered: Bool

    let kinds = ["events"]
    let listsNewestFirst = true

    func page(_ kind: String, _ slice: Range<Timestamp>, cursor: String?, _ api: APIClient) throws(BackfillError) -> Page {
        var query = [
            ("limit", "100"), ("created[gte]", String(slice.lowerBound.seconds)), ("created[lt]", String(slice.upperBound.seconds)),
        ]
        if undelivered { query.append(("delivery_success", "false")) }
        query += typeQuery
        if let cursor { query.append(("starting_after", cursor)) }
        let root: JSONValue
        do throws(BackfillError) { root = try api.document(api.get("/v1/events", query)) } catch {
            // An id that fell out of the 30 days, `resource_missing`.
            if cursor != nil, case .refused(_, 400...404, _, _) = error { throw .expired }
            throw error
        }
        guard let list = root["data"], list.isArray else { throw .unexpected(host: api.host, "a list of events without data") }
        let findings = try list.elements.map { event throws(BackfillError) in try finding(event, api) }
        guard root["has_more"]?.scalarText == "true" else { return Page(findings: findings, next: nil) }
        guard let last = list.elements.last?["id"]?.string else {
            throw .unexpected(host: api.host, "a list that says that there is more, and not where")
        }
        return Page(findings: findings, next: last)
    }

    private func finding(_ event: JSONValue, _ api: APIClient) throws(BackfillError) -> Finding {
        guard event["id"]?.string?.isEmpty == false, let at = event["created"]?.integer.flatMap(Timestamp.init(seconds:)) else {
            throw .unexpected(host: api.host, "an event without id or time")
        }
        return Finding(body: Bytes(event.raw), at: at)
    }

    /// `type` takes one name with `*`, `types` up to 20 without. Whatever is not said here is left out afterwards.
    private var typeQuery: [(String, String)] {
        if types.count == 1 { return [("type", types[0].description)] }
        guard types.count <= 20, !types.contains(where: { $0.description.contains("*") }) else { return [] }
        return types.map { ("types[]", $0.description) }
    }
}
