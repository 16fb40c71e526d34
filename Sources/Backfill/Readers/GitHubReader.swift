import Common
import Transport

/// GitHub's webhook deliveries: https://docs.github.com/en/rest/repos/webhooks#list-deliveries-for-a-repository-webhook. Newest first, 100 a
/// page, the next one's cursor in `Link`. Every attempt is an entry of its own; attempts of one delivery share its `guid`, which is
/// `X-GitHub-Delivery`. The list has no payload: each is fetched by itself, if we do not have it.
struct GitHubReader: ProviderReader {
    fileprivate struct Entry {
        let id: Int64
        let guid: String
        let at: Timestamp
        let event: String
    }

    let hooks: [String]
    let listsDeliveries = true
    private var entries: [String: [Entry]] = [:]

    var kinds: [String] { hooks }
    private static let mostPages = 2000
    private static let pageSize = 100

    init(hooks: [String]) { self.hooks = hooks }

    mutating func prepare(_ window: Range<Timestamp>, _ api: APIClient) throws(BackfillError) {
        for hook in hooks {
            entries[hook] = try again { () throws(BackfillError) in try list(hook, window, api) }
        }
    }

    /// Oldest first; of several attempts the first.
    private func list(_ hook: String, _ window: Range<Timestamp>, _ api: APIClient) throws(BackfillError) -> [Entry] {
        var found: [String: Entry] = [:]
        var next: String?
        var isWhole = false
        for page in 0..<Self.mostPages {
            let response: HTTPResponse
            do throws(BackfillError) {
                if let next {
                    response = try api.get(url: next)
                } else {
                    response = try api.get("/\(hook)/deliveries", [("per_page", String(Self.pageSize))])
                }
            } catch {
                // A cursor that GitHub does not know any more: 422.
                if page > 0, case .refused(_, 400...422, _, _) = error { throw .expired }
                throw error
            }
            let read = try api.document(response).elements.map(Entry.init(json:))
            let entries = read.compactMap { $0 }
            guard entries.count == read.count else { throw .unexpected(host: api.host, "a delivery without id, guid or time") }
            for entry in entries where window.contains(entry.at) { found[entry.guid] = entry }
            next = response.nextLink
            isWhole = next == nil || entries.allSatisfy { $0.at < window.lowerBound }
            if isWhole { break }
        }
        guard isWhole else { throw .unexpected(host: api.host, "more than \(Self.mostPages) pages of deliveries; take a later --since") }
        return found.values.sorted { ($0.at, $0.id) < ($1.at, $1.id) }
    }

    func page(_ kind: String, _ slice: Range<Timestamp>, cursor: String?, _ api: APIClient) throws(BackfillError) -> Page {
        let own = (entries[kind] ?? []).filter { slice.contains($0.at) }
        let start = cursor.flatMap { Int($0) } ?? 0
        let findings = own.dropFirst(start).prefix(Self.pageSize).map { entry in
            Finding(
                headers: [("x-github-event", entry.event)], body: [], at: entry.at, detail: "/\(kind)/deliveries/\(entry.id)",
                key: entry.guid)
        }
        let end = start + findings.count
        return Page(findings: Array(findings), next: end < own.count ? String(end) : nil)
    }

    func fetch(_ finding: Finding, _ api: APIClient) throws(BackfillError) -> Finding? {
        guard let path = finding.detail else { return finding }
        let request: JSONValue?
        do throws(BackfillError) { request = try api.document(api.get(path))["request"] } catch {
            if case .refused(_, 404, _, _) = error { return nil }
            throw error
        }
        guard let payload = request?["payload"], payload.isObject else { return nil }
        var headers = [("content-type", "application/json")]
        request?["headers"]?.forEachMember { name, value in
            let name = (name.string ?? "").lowercased()
            // Not the signature: it is of other bytes than the ones that the API gives.
            let isKept = name.hasPrefix("x-github-") || name == "user-agent"
            if isKept, let text = value.scalarText { headers.append((name, text)) }
        }
        guard headers.contains(where: { $0 == ("x-github-delivery", finding.key ?? "") }) else { return nil }
        var whole = finding
        // GitHub signs and sends JSON without blanks: like that the digest is the one that the delivery itself claims.
        (whole.headers, whole.body, whole.detail) = (headers, CompactJSON.of(payload.raw), nil)
        return whole
    }

    /// https://docs.github.com/en/rest/repos/webhooks#redeliver-a-delivery-for-a-repository-webhook
    func redeliver(_ finding: Finding, _ api: APIClient) throws(BackfillError) -> Bool {
        guard let path = finding.detail else { return false }
        _ = try api.post("\(path)/attempts")
        return true
    }
}

extension GitHubReader.Entry {
    fileprivate init?(json: JSONValue) {
        guard let id = json["id"]?.integer, let guid = json["guid"]?.string, !guid.isEmpty,
            let at = json["delivered_at"]?.string.flatMap({ Timestamp(rfc3339: $0) })
        else { return nil }
        self.init(id: id, guid: guid, at: at, event: json["event"]?.string ?? "")
    }
}
