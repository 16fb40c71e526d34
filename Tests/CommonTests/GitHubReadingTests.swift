import Testing

@testable import Common

@Suite struct GitHubReadingTests {
    private static let delivery = "72d3162e-cc78-11e3-81ab-4c9367dc0958"

    private static func headers(_ event: String?, _ id: String? = delivery) -> [(String, String)] {
        [("X-GitHub-Event", event), ("X-GitHub-Delivery", id)].compactMap { name, value in value.map { (name, $0) } }
    }

    @Test(arguments: [
        ReadingCase(
            "type from header and body", headers: headers("issues"), #"{"action":"opened","sender":{"id":7}}"#, type: "issues.opened",
            id: delivery, .keep, lane: "github:7"),
        ReadingCase(
            "without action", headers: headers("push"), #"{"ref":"x","sender":{"id":7}}"#, type: "push", id: delivery, .keep,
            lane: "github:7"),
        ReadingCase("ping", headers: headers("ping"), #"{"zen":"Keep it logically awesome."}"#, type: "ping", id: delivery, .keep),
        ReadingCase(
            "sponsorship", headers: headers("sponsorship"),
            #"{"action":"created","sponsorship":{"node_id":"S_1","sponsor":{"id":9,"login":"ann"}},"sender":{"id":7}}"#,
            type: "sponsorship.created", id: delivery, .orderEvent, lane: "github:9"),
        ReadingCase(
            "sponsor unknown", headers: headers("sponsorship"), #"{"action":"edited","sender":{"id":7}}"#, type: "sponsorship.edited",
            id: delivery, .orderEvent,
            lane: "github:7"),
        ReadingCase(
            "marketplace", headers: headers("marketplace_purchase"), #"{"action":"purchased","marketplace_purchase":{"account":{"id":3}}}"#,
            type: "marketplace_purchase.purchased", id: delivery, .orderEvent, lane: "github:3"),
        ReadingCase("no event header", headers: headers(nil), #"{"action":"opened"}"#, type: "opened", id: delivery, .keep),
        ReadingCase("no headers", #"{"action":"opened"}"#, type: "opened", id: digestID(#"{"action":"opened"}"#), .keep),
        ReadingCase("action is no text", headers: headers("issues"), #"{"action":{}}"#, type: "issues", id: delivery, .keep),
        ReadingCase("action is empty", headers: headers("issues"), #"{"action":""}"#, type: "issues", id: delivery, .keep),
        ReadingCase("empty delivery", headers: headers("push", ""), "{}", type: "push", id: digestID("{}"), .keep),
        ReadingCase(
            "two deliveries are none", headers: headers("push", "a") + headers(nil, "b"), "{}", type: "push", id: digestID("{}"), .keep),
        ReadingCase("two events are none", headers: headers("push") + headers("issues", nil), "{}", type: "", id: delivery, .keep),
        ReadingCase(
            "over-long delivery", headers: headers("push", String(repeating: "d", count: 201)), "{}", type: "push",
            id: digestID(String(repeating: "d", count: 201)), .keep),
        ReadingCase(
            "delivery is not in the body", #"{"x-github-delivery":"a","X-GitHub-Event":"b"}"#, type: "",
            id: digestID(#"{"x-github-delivery":"a","X-GitHub-Event":"b"}"#), .keep),
    ])
    func reads(_ event: ReadingCase) throws { try event.check(.github) }

    @Test(arguments: [
        CanonicalCase(
            type: "sponsorship.created",
            body: #"{"action":"created","sponsorship":{"node_id":"S_1","sponsor":{"id":9,"login":"ann"}},"sender":{"id":7,"login":"bo"}}"#,
            actor: .init(id: "9", name: "ann"), subject: ("S_1", "sponsorship"), action: ("created", nil),
            data: #"{"node_id":"S_1","sponsor":{"id":9,"login":"ann"}}"#),
        CanonicalCase(
            type: "marketplace_purchase.cancelled",
            body:
                #"{"marketplace_purchase":{"account":{"id":3,"login":"acme","organization_billing_email":"pay@acme.example"}},"sender":{"id":7}}"#,
            actor: .init(id: "3", email: "pay@acme.example", name: "acme"), subject: ("3", "marketplace_purchase"),
            action: ("cancelled", nil),
            data: #"{"account":{"id":3,"login":"acme","organization_billing_email":"pay@acme.example"}}"#),
        CanonicalCase(
            type: "issues.opened", body: #"{"action":"opened","sender":{"id":7,"login":"bo"}}"#, actor: .init(id: "7", name: "bo"),
            action: ("opened", nil),
            data: #"{"action":"opened","sender":{"id":7,"login":"bo"}}"#),
    ])
    func normalises(_ event: CanonicalCase) throws { try event.check(.github) }
}
