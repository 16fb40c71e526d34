import Common
import Transport

/// HubSpot has no list of what it sent. Objects by the time of their last change (https://developers.hubspot.com/docs/api/crm/search), and of
/// each the history of the properties asked for, with the time of every change (`propertiesWithHistory`, 50 objects a request). A search gives
/// 100 a page and 10,000 in all, five requests a second.
struct HubSpotReader: ProviderReader {
    /// By object: `contacts` to `email`, `firstname`.
    let properties: [String: [String]]
    private var window = Timestamp(milliseconds: 0)..<Timestamp(milliseconds: 0)

    let readsToNow = true
    var kinds: [String] { properties.keys.sorted() }

    /// What HubSpot gives of these objects where nothing else is asked for, as far as WordPress has a use for it.
    static let usual = ["contacts/email", "contacts/firstname", "contacts/lastname", "deals/dealstage"]
    private static let singular = ["contacts": "contact", "deals": "deal", "companies": "company", "tickets": "ticket"]

    init(properties: [String]) {
        self.properties = Dictionary(grouping: properties.isEmpty ? Self.usual : properties) { String($0.prefix { $0 != "/" }) }
            .mapValues { $0.map { String($0.drop { $0 != "/" }.dropFirst()) } }
    }

    mutating func prepare(_ window: Range<Timestamp>, _ api: APIClient) throws(BackfillError) { self.window = window }

    func page(_ kind: String, _ slice: Range<Timestamp>, cursor: String?, _ api: APIClient) throws(BackfillError) -> Page {
        let property = kind == "contacts" ? "lastmodifieddate" : "hs_lastmodifieddate"
        let after = cursor.map { #","after":"\#($0)""# } ?? ""
        let query = """
            {"filterGroups":[{"filters":[{"propertyName":"\(property)","operator":"BETWEEN","value":"\(slice.lowerBound.milliseconds)",\
            "highValue":"\(slice.upperBound.milliseconds - 1)"}]}],"sorts":[{"propertyName":"\(property)","direction":"ASCENDING"}],\
            "properties":["\(property)"],"limit":100\(after)}
            """
        let root: JSONValue
        do throws(BackfillError) { root = try api.document(api.post("/crm/v3/objects/\(kind)/search", json: Bytes(query.utf8))) } catch {
            if cursor != nil, case .refused(_, 400, _, _) = error { throw .expired }
            throw error
        }
        guard let list = root["results"], list.isArray else { throw .unexpected(host: api.host, "a search without results") }
        let ids = list.elements.compactMap { $0["id"]?.scalarText }.filter { Int64(decimalDigits: $0.utf8) != nil }
        var findings: [Finding] = []
        for start in stride(from: 0, to: ids.count, by: 50) {
            findings += try histories(kind, Array(ids[start..<min(start + 50, ids.count)]), api)
        }
        guard let after = root["paging"]?["next"]?["after"] else { return Page(findings: findings, next: nil) }
        guard let next = after.scalarText.flatMap({ Int64(decimalDigits: $0.utf8) }) else {
            throw .unexpected(host: api.host, "a search that says that there is more, and not where")
        }
        return Page(findings: findings, next: String(next))
    }

    private func histories(_ kind: String, _ ids: [String], _ api: APIClient) throws(BackfillError) -> [Finding] {
        let names = (properties[kind] ?? []).map { "\"\($0)\"" }.joined(separator: ",")
        let inputs = ids.map { #"{"id":"\#($0)"}"# }.joined(separator: ",")
        let query = #"{"propertiesWithHistory":[\#(names)],"properties":[],"inputs":[\#(inputs)]}"#
        let root = try api.document(api.post("/crm/v3/objects/\(kind)/batch/read", json: Bytes(query.utf8)))
        guard let list = root["results"], list.isArray else { throw .unexpected(host: api.host, "objects without results") }
        return list.elements.flatMap { changes(kind, $0) }
    }

    /// As its webhook would have told them.
    private func changes(_ kind: String, _ object: JSONValue) -> [Finding] {
        guard let id = object["id"]?.scalarText.flatMap({ Int64($0) }) else { return [] }
        let singular = Self.singular[kind] ?? kind
        var findings: [Finding] = []
        if let made = object["createdAt"]?.string.flatMap({ Timestamp(rfc3339: $0) }), window.contains(made) {
            findings.append(Self.event("\(singular).creation", id, made, "", "gatepost-creation"))
        }
        for property in properties[kind] ?? [] {
            for change in object["propertiesWithHistory"]?[property]?.elements ?? [] {
                guard let at = change["timestamp"]?.string.flatMap({ Timestamp(rfc3339: $0) }), window.contains(at) else { continue }
                var members = Bytes(#""propertyName":"\#(property)","propertyValue":"#.utf8)
                members += JSONText.quoted(change["value"]?.scalarText ?? "")
                members += ",\"changeSource\":".utf8 + JSONText.quoted(change["sourceType"]?.string ?? "API") + ",".utf8
                findings.append(
                    Self.event("\(singular).propertyChange", id, at, String(decoding: members, as: UTF8.self), "gatepost-\(property)"))
            }
        }
        return findings
    }

    private static func event(_ type: String, _ object: Int64, _ at: Timestamp, _ members: String, _ id: String) -> Finding {
        let body =
            #"{"eventId":"\#(id)-\#(at.milliseconds)",\#(members)"objectId":\#(object),"subscriptionType":"\#(type)","occurredAt":\#(at.milliseconds)}"#
        return Finding(headers: [("content-type", "application/json")], body: Bytes(body.utf8), at: at)
    }
}
