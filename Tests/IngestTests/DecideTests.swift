import Testing

@testable import Common
@testable import IngestFCGI

@Suite struct DecideTests {
    @Test func aStripeEvent() throws {
        let body = Bytes(#" {"id":"evt_1","type":"customer.updated","created":5,"data":{"object":{"id":"cus_1"}}} "#.utf8)
        let agent = [
            ("User-Agent", "Stripe/1.0"), ("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03"),
            ("Authorization", "Basic c2VjcmV0"),
        ]
        let events = try Gateway.sample().judge("stripe", body, secret: "whsec_new", headers: agent)
        #expect(events.count == 1)
        let event = try #require(events.first)
        #expect(event.source == source("stripe") && event.tenant == tenant("acme") && event.idempotencyKey == "stripe:acme:evt_1")
        #expect(event.reading.route == .userSync && event.reading.eventType == "customer.updated" && event.reading.lane == "stripe:cus_1")
        #expect(event.receivedAt == noon && event.rawBody == body && event.nonce == nil)
        #expect(
            event.sourceIP == "192.0.2.1" && event.userAgent == "Stripe/1.0" && event.createdBy == "ingest"
                && event.requestID == "request-1")
        #expect(event.traceparent == "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "and nothing of flags we do not know")
        #expect(text(event.headers).contains(#""user-agent":"Stripe/1.0""#) && !text(event.headers).contains("c2VjcmV0"))
    }

    @Test(
        arguments: [
            ("/api/webhooks/stripe/ingest", "whsec_other", "other"), ("/api/webhooks/stripe/other/ingest", "whsec_other", "other"),
            ("/api/webhooks/stripe/acme", "whsec_other", nil), ("/api/webhooks/stripe", "whsec_old", "acme"),
            ("/api/webhooks/stripe", "whsec_none", nil),
        ] as [(String, String, String?)])
    func findsTheTenant(_ path: String, secret: String, expected: String?) throws {
        let gateway = try Gateway.sample()
        if let expected {
            #expect(try gateway.judge("stripe", Bytes("{}".utf8), secret: secret, path: path).map(\.tenant) == [tenant(expected)])
        } else {
            #expect(throws: Refusal.notVerified(.signatureWrong)) {
                try gateway.judge("stripe", Bytes("{}".utf8), secret: secret, path: path)
            }
        }
    }

    /// Signed, and no JSON for all that; and what is unsigned is not read at all.
    @Test(arguments: [
        "{", "nonsense", "", "[]", "\"text\"", "1", "null", "[{}]", "{}{}", "\u{FEFF}{}", "{\"a\":\"\u{1}\"}",
        String(repeating: "[", count: 100),
    ])
    func badJSON(_ body: String) throws {
        for name in ["stripe", "github"] {
            let refusal = #expect(throws: Refusal.self) {
                try Gateway.sample().judge(name, Bytes(body.utf8), secret: name == "stripe" ? "whsec_new" : "gh")
            }
            #expect(refusal?.status == 400)
            let forged = #expect(throws: Refusal.self) { try Gateway.sample().judge(name, Bytes((body + " ").utf8), secret: "forged") }
            #expect(forged == .notVerified(.signatureWrong))
        }
    }

    @Test func routesOfTheOperator() throws {
        let gateway = try Gateway.sample(routes: [RouteOverride(pattern: "payout.*", route: .orderEvent)])
        #expect(
            try gateway.judge("stripe", Bytes(#"{"id":"e","type":"payout.paid"}"#.utf8), secret: "whsec_new")[0].reading.route
                == .orderEvent)
    }

    // MARK: GitHub's nonce

    @Test func aNonceIsOfSourceTenantAndBody() throws {
        let gateway = try Gateway.sample()
        func nonce(_ body: String, _ delivery: String) throws -> Bytes? {
            let headers = [("X-GitHub-Delivery", delivery), ("X-GitHub-Event", "push")]
            return try gateway.judge("github", Bytes(body.utf8), secret: "gh", headers: headers)[0].nonce
        }
        #expect(try nonce(#"{"a":1}"#, "d-1") == nonce(#"{"a":1}"#, "d-2"), "a fresh delivery id does not help")
        #expect(try nonce(#"{"a":1}"#, "d-1") != nonce(#"{"a":2}"#, "d-1"))
        #expect(try nonce("{}", "d-1")?.count == 32)
    }

    // MARK: HubSpot's arrays

    @Test(arguments: [0, 1, 100, 1000])
    func arrays(_ count: Int) throws {
        let body = "[" + (0..<count).map { #"{"eventId":\#($0),"subscriptionType":"contact.creation"}"# }.joined(separator: " , ") + "]"
        let events = try Gateway.sample().judge("hubspot", Bytes(body.utf8), secret: "hs")
        #expect(events.count == count)
        #expect(events.map(\.reading.providerEventID) == (0..<count).map(String.init))
        #expect(
            events.last.map { text($0.rawBody) } == (count == 0 ? nil : #"{"eventId":\#(count - 1),"subscriptionType":"contact.creation"}"#)
        )
    }

    @Test func tooLongAnArray() throws {
        let body = "[" + Array(repeating: "{}", count: 1001).joined(separator: ",") + "]"
        #expect(throws: Refusal.tooManyEvents(1001)) { try Gateway.sample().judge("hubspot", Bytes(body.utf8), secret: "hs") }
    }

    @Test(arguments: ["{}", "[1]", "[{},null]", "[[]]", "[{},\"x\"]", "[{}", "null"])
    func notAnArrayOfObjects(_ body: String) throws {
        let refusal = #expect(throws: Refusal.self) { try Gateway.sample().judge("hubspot", Bytes(body.utf8), secret: "hs") }
        #expect(refusal?.status == 400 && refusal?.reason == "bad_json")
    }

    // MARK: The URL that is signed

    @Test(
        arguments: [
            (nil, "https://hooks.example/api/webhooks/hubspot/ingest?a=b", true),
            ("https://public.example", "https://public.example/api/webhooks/hubspot/ingest?a=b", true),
            ("https://public.example/sub", "https://public.example/sub/api/webhooks/hubspot/ingest?a=b", true),
            ("https://public.example", "https://hooks.example/api/webhooks/hubspot/ingest?a=b", false),
            (nil, "https://hooks.example/api/webhooks/hubspot/ingest", false),
            (nil, "http://hooks.example/api/webhooks/hubspot/ingest?a=b", false),
        ] as [(String?, String, Bool)])
    func signedURL(_ publicURL: String?, signed: String, isTaken: Bool) throws {
        let gateway = try Gateway.sample(publicURL: publicURL)
        let events = try? gateway.judge(
            "hubspot", Bytes("[{}]".utf8), secret: "hs", path: "/api/webhooks/hubspot/ingest?a=b", signedURL: signed)
        #expect((events != nil) == isTaken)
    }
}
