import Common
import Foundation
import Testing

/// An API that answers what no provider would, or not what is documented: nothing loops, nothing is passed over in silence.
@Suite struct BackfillDistrustTests {
    private static let now = Int(Date().timeIntervalSince1970)

    private static func event(_ id: String, _ ago: Int = 7200) -> String {
        #"{"id":"\#(id)","created":\#(now - ago),"type":"invoice.paid","data":{"object":{"id":"in_1"}}}"#
    }

    private static func stripe(_ answer: @escaping @Sendable (ProviderAPI.Query) -> StandIn.Answer) throws -> ProviderAPI {
        try ProviderAPI(key: ("authorization", "Bearer \(BackfillStripeTests.key)")) { answer($0) }
    }

    private static func list(_ events: String, more: Bool) -> StandIn.Answer {
        .status(200, body: #"{"data":[\#(events)],"has_more":\#(more)}"#)
    }

    private static let answers: [(String, StandIn.Answer, String)] = [
        ("always the same page", list(event("evt_1"), more: true), "gives the same page again"),
        ("more behind nothing", list("", more: true), "says that there is more, and not where"),
        ("more behind an event without id", list(#"{"created":\#(now - 7200),"type":"a.b"}"#, more: true), "without id or time"),
        ("a time that is a text", list(#"{"id":"evt_1","created":"yesterday","type":"a.b"}"#, more: false), "without id or time"),
        ("a time beyond all times", list(#"{"id":"evt_1","created":9223372036854775807,"type":"a.b"}"#, more: false), "without id or time"),
        ("an array", .status(200, body: "[]"), "a list of events without data"),
        ("nesting", .status(200, body: String(repeating: "[", count: 100_000)), "no JSON"),
        ("patience for ever", .status(429, headers: ["Retry-After": "0"]), "takes no more requests"),
        (
            "a limit until the end of time",
            .status(429, headers: ["X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "999999999999999999"]), "takes no more requests"
        ),
        (
            "a limit that never was", .status(429, headers: ["X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "-9223372036854775808"]),
            "answered 429"
        ),
    ]

    @Test(arguments: answers)
    func isRefusedInWords(_ name: String, answer: StandIn.Answer, says text: String) async throws {
        let api = try Self.stripe { _ in answer }
        let sandbox = try await BackfillStripeTests.sandbox(api)
        let from = Timestamp(milliseconds: Int64(Self.now - 7201) * 1000).description
        let to = Timestamp(milliseconds: Int64(Self.now - 7199) * 1000).description
        let run = try await sandbox.gatepost("backfill", "stripe", "--tenant", "acme", "--since", from, "--until", to)
        #expect(run.status == .exited(1) && run.errors.contains(text), "\(name): \(run.status) \(run.errors)")
        #expect(api.calls < 200, "\(name): \(api.calls)")
        try await sandbox.remove()
    }

    /// Stripe lists the newest first, and its times are whole seconds: what came last must stand last.
    @Test func eventsOfOneSecondKeepTheirOrder() async throws {
        let ids = ["evt_a", "evt_b", "evt_c", "evt_d"]
        let api = try Self.stripe { query in
            guard query.fields["starting_after"] == nil else {
                return Self.list(ids.prefix(2).reversed().map { Self.event($0) }.joined(separator: ","), more: false)
            }
            return Self.list(ids.suffix(2).reversed().map { Self.event($0) }.joined(separator: ","), more: true)
        }
        let sandbox = try await BackfillStripeTests.sandbox(api)
        let from = Timestamp(milliseconds: Int64(Self.now - 7200) * 1000).description
        let to = Timestamp(milliseconds: Int64(Self.now - 7199) * 1000).description
        let run = try await sandbox.gatepost("backfill", "stripe", "--tenant", "acme", "--since", from, "--until", to)
        #expect(run.succeeded, "\(run.errors)")
        let keys = try sandbox.rows("SELECT idempotency_key AS k FROM webhook_event ORDER BY seq").map { $0["k"] as String }
        #expect(keys == ids.map { "stripe:acme:\($0)" })
        try await sandbox.remove()
    }

    // MARK: WooCommerce

    private static func time(_ ago: Int) -> String { String(Timestamp(milliseconds: Int64(now - ago) * 1000).description.prefix(19)) }

    private func shop(_ api: ProviderAPI, _ more: String = "") async throws -> Sandbox {
        try await Sandbox(
            extra: ["PROVIDER_SECRETS_WOOCOMMERCE": "acme:woo", "BACKFILL_KEY_WOOCOMMERCE__ACME": "ck_1:cs_1"],
            yaml: "tenants: {acme: {backfill: {woocommerce: {url: \"\(api.url)\"}}}}\n\(more)")
    }

    private static func woo(_ answer: @escaping @Sendable (ProviderAPI.Query) -> StandIn.Answer) throws -> ProviderAPI {
        try ProviderAPI(key: ("authorization", "Basic " + Data("ck_1:cs_1".utf8).base64EncodedString())) { answer($0) }
    }

    private static func order(_ id: Int) -> String {
        #"{"id":\#(id),"date_created_gmt":"\#(time(90_000))","date_modified_gmt":"\#(time(7200))","customer_id":3}"#
    }

    /// A proxy has taken `X-WP-Total…` away.
    @Test func pagesWithoutACountAreReadToTheLast() async throws {
        let api = try Self.woo { query in
            guard query.path.hasSuffix("/orders") else { return .status(200, body: "[]") }
            let within =
                (query.fields["modified_after"] ?? "") < Self.time(7200) && Self.time(7200) < (query.fields["modified_before"] ?? "")
            let page = Int(query.fields["page"] ?? "1")!
            let some = within ? (1...250).dropFirst((page - 1) * 100).prefix(100).map(Self.order) : []
            return .status(200, body: "[\(some.joined(separator: ","))]")
        }
        let sandbox = try await shop(api)
        let run = try await sandbox.gatepost("backfill", "woocommerce", "--tenant", "acme", "--since", "3h")
        #expect(run.succeeded, "\(run.errors)")
        #expect(try sandbox.count("webhook_event") == 250)
        try await sandbox.remove()
    }

    /// WooCommerce knows no time of change for who has only registered.
    @Test func whoHasOnlyRegisteredIsNotPassedOver() async throws {
        let customer =
            #"{"id":9,"email":"new@example.com","date_created_gmt":"\#(Self.time(3600))","date_modified_gmt":null,"username":"new"}"#
        let api = try Self.woo { .status(200, body: $0.path.hasSuffix("/customers") ? "[\(customer)]" : "[]") }
        let sandbox = try await shop(api)
        let ingest = try await sandbox.ingest()
        let run = try await sandbox.gatepost("backfill", "woocommerce", "--tenant", "acme", "--since", "3h")
        #expect(run.succeeded, "\(run.errors)")
        #expect(try sandbox.rows("SELECT event_type AS t FROM webhook_event").map { $0["t"] as String } == ["customer.created"])
        let late = try await sandbox.post(
            customer, as: "woocommerce", headers: [("X-WC-Webhook-Topic", "customer.created"), ("X-WC-Webhook-Delivery-ID", "d-9")])
        #expect(late.status == 200, "made once")
        let again = try await sandbox.gatepost("backfill", "woocommerce", "--tenant", "acme", "--since", "3h", "--json")
        #expect(try BackfillStripeTests.counts(again)["taken"] == 0)
        try await ingest.stop()
        try await sandbox.remove()
    }

    /// What is stored must say which state of which object it was, or each night would bring every order once more.
    @Test(arguments: [
        ("drop: [$.date_modified_gmt]", "$.date_modified_gmt"), ("drop: [$.*]", "$.id"), ("truncate: {$..id: 2}", "$.id"),
    ])
    func rulesThatHideTheStateAreRefused(_ rule: String, names path: String) async throws {
        let api = try Self.woo { .status(200, body: $0.path.hasSuffix("/orders") ? "[\(Self.order(1))]" : "[]") }
        let sandbox = try await shop(api, "sources: {woocommerce: {privacy: {\(rule)}}}\n")
        let run = try await sandbox.gatepost("backfill", "woocommerce", "--tenant", "acme", "--since", "3h")
        #expect(
            run.status == .exited(2) && run.errors.contains("sources.woocommerce.privacy") && run.errors.contains(path), "\(run.errors)")
        #expect(try sandbox.count("webhook_event") == 0)
        let night = try await sandbox.gatepost("reconcile")
        #expect(night.status == .exited(1) && night.errors.contains("sources.woocommerce.privacy"), "\(night.errors)")
        try await sandbox.remove()
    }

    @Test func otherRulesDoNoHarm() async throws {
        let api = try Self.woo { .status(200, body: $0.path.hasSuffix("/orders") ? "[\(Self.order(1))]" : "[]") }
        let sandbox = try await shop(
            api, "sources: {woocommerce: {privacy: {preset: no-addresses, drop: [$.customer_note, $..customer_id]}}}\n")
        for taken in [1, 0] {
            let run = try await sandbox.gatepost("backfill", "woocommerce", "--tenant", "acme", "--since", "3h", "--json")
            #expect(try BackfillStripeTests.counts(run)["taken"] == Int64(taken), "\(run.output)\(run.errors)")
        }
        #expect(try sandbox.count("webhook_event WHERE CAST(raw_body AS TEXT) LIKE '%customer_id%'") == 0)
        try await sandbox.remove()
    }

    /// Who was erased does not come back by the next comparison, and does not stand in its way.
    @Test(arguments: ["order.updated", "order.created", "order.restored"])
    func whatWasErasedStaysAway(_ topic: String) async throws {
        let order =
            #"{"id":5,"date_created_gmt":"\#(Self.time(7300))","date_modified_gmt":"\#(Self.time(7200))","customer_id":3,"billing":{"email":"anna@example.com"}}"#
        let api = try Self.woo { query in
            guard query.path.hasSuffix("/orders") else { return .status(200, body: "[]") }
            let within =
                (query.fields["modified_after"] ?? "") < Self.time(7200) && Self.time(7200) < (query.fields["modified_before"] ?? "")
            return .status(200, body: within ? "[\(order)]" : "[]")
        }
        let sandbox = try await shop(api)
        let ingest = try await sandbox.ingest()
        let answer = try await sandbox.post(
            order, as: "woocommerce", headers: [("X-WC-Webhook-Topic", topic), ("X-WC-Webhook-Delivery-ID", "d-5")])
        #expect(answer.status == 202)
        let erase = try await sandbox.gatepost(
            "privacy", "erase", "--email", "anna@example.com", "--yes", "--open", "discard", "--no-wordpress")
        #expect(erase.succeeded, "\(erase.output)\(erase.errors)")
        let run = try await sandbox.gatepost("backfill", "woocommerce", "--tenant", "acme", "--since", "3h", "--json")
        #expect(try run.succeeded && BackfillStripeTests.counts(run)["taken"] == 0, "\(run.output)\(run.errors)")
        #expect(try sandbox.count("webhook_event WHERE length(raw_body) > 0") == 0)
        try await ingest.stop()
        try await sandbox.remove()
    }
}
