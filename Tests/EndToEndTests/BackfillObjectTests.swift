import Common
import Foundation
import Testing

/// Providers whose API lists objects: Shopify, WooCommerce and HubSpot, as each documents its pages.
@Suite struct BackfillObjectTests {
    private static let now = Int64(Date().timeIntervalSince1970)

    private static func time(_ ago: Int64) -> String { String(Timestamp(milliseconds: (now - ago) * 1000).description.prefix(19)) }

    // MARK: Shopify

    private static func order(_ id: Int, updated: Int64, created: Int64) -> String {
        #"{"id":\#(id),"email":"jo@example.com","created_at":"\#(time(created))+00:00","updated_at":"\#(time(updated))+00:00","customer":{"id":7}}"#
    }

    private static func shopify(_ orders: @escaping @Sendable () -> [(text: String, updated: Int64)]) throws -> ProviderAPI {
        try ProviderAPI(key: ("x-shopify-access-token", "shpat_hush"), cursor: { $0.fields["page_info"] != nil }) { query in
            guard query.path == "/admin/api/2026-07/orders.json" else { return .status(200, body: #"{"customers":[]}"#) }
            // "The page_info parameter can't be modified": nothing may stand beside it but limit.
            var fields = query.fields
            if let cursor = fields["page_info"] {
                guard fields["updated_at_min"] == nil else { return .status(400) }
                fields = Dictionary(
                    uniqueKeysWithValues: cursor.split(separator: "$").map { part in
                        let pair = part.split(separator: "~").map(String.init)
                        return (pair[0], pair[1])
                    })
            }
            func seconds(_ text: String?) -> Int64 { Timestamp(rfc3339: text ?? "").map { $0.milliseconds / 1000 } ?? 0 }
            let (from, to) = (seconds(fields["updated_at_min"]), seconds(fields["updated_at_max"]))
            let list = orders().filter { (from...to).contains(now - $0.updated) }
            let start = Int(fields["start"] ?? "0")!
            let page = list.dropFirst(start).prefix(250).map(\.text).joined(separator: ",")
            var headers = ["X-Shopify-Shop-Api-Call-Limit": "1/40"]
            if start + 250 < list.count {
                let cursor = "updated_at_min~\(fields["updated_at_min"]!)$updated_at_max~\(fields["updated_at_max"]!)$start~\(start + 250)"
                let host = query.headers["host"] ?? ""
                headers["Link"] = "<http://\(host)/admin/api/2026-07/orders.json?limit=250&page_info=\(cursor)>; rel=\"next\""
            }
            return .status(200, headers: headers, body: #"{"orders":[\#(page)]}"#)
        }
    }

    private func shop(_ api: ProviderAPI) async throws -> Sandbox {
        try await Sandbox(
            extra: ["PROVIDER_SECRETS_SHOPIFY": "acme:shop-secret", "BACKFILL_KEY_SHOPIFY": "shpat_hush"],
            yaml: "tenants: {acme: {backfill: {shopify: {url: \"\(api.url)\", types: [\"orders/*\"]}}}}\n")
    }

    private func live(_ sandbox: Sandbox, _ topic: String, _ body: String, id: String) async throws -> Int {
        try await sandbox.post(
            body, as: "shopify",
            headers: [("X-Shopify-Topic", topic), ("X-Shopify-Webhook-Id", id), ("X-Shopify-Triggered-At", Self.time(5))]
        ).status
    }

    @Test func aStateIsTakenOnceWhicheverWayItComesFirst() async throws {
        // 1 came live as it is; 2 came live before its last change; 3 and 4 never came; 4 is older than what is asked about.
        let one = Self.order(1, updated: 7200, created: 90_000)
        let two = Self.order(2, updated: 7200, created: 90_000)
        let three = Self.order(3, updated: 3600, created: 4000)
        let four = Self.order(4, updated: 3600, created: 90_000)
        let orders: [(text: String, updated: Int64)] = [(one, 7200), (two, 7200), (three, 3600), (four, 3600)]
        let api = try Self.shopify { orders }
        let sandbox = try await shop(api)
        let ingest = try await sandbox.ingest()
        #expect(try await live(sandbox, "orders/paid", one, id: "w-1") == 202)
        #expect(try await live(sandbox, "orders/updated", Self.order(2, updated: 8000, created: 90_000), id: "w-2") == 202)

        let run = try await sandbox.gatepost("backfill", "shopify", "--tenant", "acme", "--since", "12h", "--json")
        #expect(run.succeeded, "\(run.errors)")
        let counts = try BackfillStripeTests.counts(run)
        #expect(counts["taken"] == 3 && counts["duplicates"] == 1)
        let types = try sandbox.rows("SELECT event_type FROM webhook_event WHERE created_by = 'backfill' ORDER BY seq")
        #expect(types.map { $0["event_type"] as String } == ["orders/updated", "orders/create", "orders/updated"])

        // Late webhooks: the same state under an id of their own is a duplicate; another type, or another state, is not.
        #expect(try await live(sandbox, "orders/updated", two + " ", id: "w-3") == 200)
        #expect(try await live(sandbox, "orders/create", Self.order(3, updated: 4000, created: 4000), id: "w-4") == 200, "made once")
        #expect(try await live(sandbox, "orders/paid", three, id: "w-5") == 202)
        #expect(try await live(sandbox, "orders/updated", Self.order(2, updated: 10, created: 90_000), id: "w-6") == 202)

        let again = try await sandbox.gatepost("backfill", "shopify", "--tenant", "acme", "--since", "12h", "--json")
        #expect(try BackfillStripeTests.counts(again)["taken"] == 0, "\(again.output)")
        // A payload that is gone says nothing of what it brought.
        try sandbox.change("UPDATE webhook_event SET raw_body = x'', headers = '{}' WHERE created_by = 'ingest'")
        let blind = try await sandbox.gatepost("backfill", "shopify", "--tenant", "acme", "--since", "12h")
        #expect(blind.status == .exited(1) && blind.errors.contains("take a later --since"), "\(blind.errors)")
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func pagesAreFollowedByTheirLinksAndExpire() async throws {
        let orders = (1...620).map { (text: Self.order($0, updated: 7200, created: 90_000), updated: Int64(7200)) }
        let api = try Self.shopify { orders }
        let sandbox = try await shop(api)
        let since = Self.time(7201) + "Z"
        let until = Self.time(7198) + "Z"
        api.fails(.init(limitsEvery: 9, forgetsAt: 1))
        let run = try await sandbox.gatepost("backfill", "shopify", "--tenant", "acme", "--since", since, "--until", until, "--json")
        #expect(run.succeeded, "\(run.errors)")
        #expect(try sandbox.count("webhook_event") == 620)
        try await sandbox.remove()
    }

    // MARK: WooCommerce

    @Test func ordersAndCustomersOfWooCommerce() async throws {
        let orders = (1...130).map { number in
            #"{"id":\#(number),"status":"processing","date_created_gmt":"\#(Self.time(4000))","date_modified_gmt":"\#(Self.time(3600 + Int64(number) * 2))","customer_id":3,"billing":{"email":"jo@example.com"},"_links":{"n":\#(number)}}"#
        }
        let customers = [(1, Int64(100_000)), (2, 1800)].map { id, ago in
            #"{"id":\#(id),"email":"c\#(id)@example.com","date_created_gmt":"\#(Self.time(100_000))","date_modified_gmt":"\#(Self.time(ago))"}"#
        }
        let basic = "Basic " + Data("ck_1:cs_1".utf8).base64EncodedString()
        let api = try ProviderAPI(key: ("authorization", basic), .init(limitsEvery: 6)) { query in
            func within(_ text: String) -> Bool {
                let modified = (try? JSONDocument(Bytes(text.utf8)))?.root["date_modified_gmt"]?.string ?? ""
                guard let after = query.fields["modified_after"], let before = query.fields["modified_before"] else { return true }
                return after < modified && modified < before
            }
            let all = (query.path.hasSuffix("/orders") ? orders : customers).filter(within)
            let (page, size) = (Int(query.fields["page"] ?? "1")!, Int(query.fields["per_page"] ?? "10")!)
            let some = all.dropFirst((page - 1) * size).prefix(size)
            return .status(
                200, headers: ["X-WP-Total": "\(all.count)", "X-WP-TotalPages": "\((all.count + size - 1) / size)"],
                body: "[\(some.joined(separator: ","))]")
        }
        let sandbox = try await Sandbox(
            extra: ["PROVIDER_SECRETS_WOOCOMMERCE": "acme:woo", "BACKFILL_KEY_WOOCOMMERCE__ACME": "ck_1:cs_1"],
            yaml: "tenants: {acme: {backfill: {woocommerce: {url: \"\(api.url)\"}}}}\n")
        let ingest = try await sandbox.ingest()
        func live(_ body: String, _ topic: String) async throws -> Int {
            try await sandbox.post(
                body, as: "woocommerce", headers: [("X-WC-Webhook-Topic", topic), ("X-WC-Webhook-Delivery-ID", Events.id("d"))]
            ).status
        }
        #expect(try await live(orders[0], "order.created") == 202)
        let run = try await sandbox.gatepost("backfill", "woocommerce", "--tenant", "acme", "--since", "3h", "--json")
        #expect(run.succeeded, "\(run.errors)")
        let counts = try BackfillStripeTests.counts(run)
        #expect(counts["taken"] == 130 && counts["duplicates"] == 1, "129 orders, and the one customer who changed")
        let types = try sandbox.rows(
            "SELECT event_type AS t, count(*) AS n FROM webhook_event WHERE created_by = 'backfill' GROUP BY 1 ORDER BY 1")
        #expect(types.map { "\($0["t"] as String) \($0["n"] as Int)" } == ["customer.updated 1", "order.created 129"])
        #expect(try await live(orders[5], "order.created") == 200)
        #expect(try await live(customers[1], "customer.updated") == 200)
        #expect(try await live(orders[5], "order.updated") == 202, "another type")
        try await ingest.stop()
        try await sandbox.remove()
    }

    // MARK: HubSpot

    @Test func changesOfHubSpotsObjects() async throws {
        let (t1, t2) = ((Self.now - 5000) * 1000 + 123, (Self.now - 4000) * 1000 + 456)
        let history = """
            {"id":"501","createdAt":"\(Self.time(5000)).123Z","propertiesWithHistory":{"email":[
            {"value":"new@example.com","timestamp":"\(Timestamp(milliseconds: t2))","sourceType":"CRM_UI"},
            {"value":"old@example.com","timestamp":"\(Timestamp(milliseconds: t1))","sourceType":"API"},
            {"value":"ancient@example.com","timestamp":"2020-01-01T00:00:00Z","sourceType":"API"}],"firstname":[]}}
            """
        let api = try ProviderAPI(key: ("authorization", "Bearer pat-hush"), .init(limitsEvery: 4)) { query in
            if query.path == "/crm/v3/objects/contacts/batch/read" { return .status(200, body: "{\"results\":[\(history)]}") }
            guard query.path == "/crm/v3/objects/contacts/search" else { return .status(200, body: #"{"total":0,"results":[]}"#) }
            let filter = query.body?["filterGroups"]?.elements.first?["filters"]?.elements.first
            let (low, high) = (Int64(filter?["value"]?.string ?? "") ?? 0, Int64(filter?["highValue"]?.string ?? "") ?? 0)
            return .status(200, body: (low...high).contains(t2) ? #"{"total":1,"results":[{"id":"501"}]}"# : #"{"total":0,"results":[]}"#)
        }
        let sandbox = try await Sandbox(
            extra: ["BACKFILL_KEY_HUBSPOT": "pat-hush"],
            yaml: "tenants: {acme: {backfill: {hubspot: {url: \"\(api.url)\", properties: [contacts/email, contacts/firstname]}}}}\n")
        let ingest = try await sandbox.ingest()
        func event(_ id: Int, _ value: String, _ at: Int64) -> String {
            #"[{"eventId":\#(id),"subscriptionId":7,"objectId":501,"subscriptionType":"contact.propertyChange","propertyName":"email","propertyValue":"\#(value)","occurredAt":\#(at)}]"#
        }
        #expect(try await sandbox.post(event(1, "old@example.com", t1), as: "hubspot").status == 202)
        let run = try await sandbox.gatepost("backfill", "hubspot", "--tenant", "acme", "--since", "3h", "--json")
        #expect(run.succeeded, "\(run.errors)")
        let counts = try BackfillStripeTests.counts(run)
        #expect(counts["taken"] == 2 && counts["duplicates"] == 1, "its creation and the new address")
        #expect(try await sandbox.post(event(2, "new@example.com", t2), as: "hubspot").status == 200, "late")
        #expect(try await sandbox.post(event(3, "new@example.com", t2 + 5000), as: "hubspot").status == 202, "another change")
        let again = try await sandbox.gatepost("backfill", "hubspot", "--tenant", "acme", "--since", "3h", "--json")
        #expect(try BackfillStripeTests.counts(again)["taken"] == 0)
        let lanes = try sandbox.rows("SELECT DISTINCT lane FROM webhook_event")
        #expect(lanes.map { $0["lane"] as String } == ["hubspot:501"], "all of one person")
        try await ingest.stop()
        try await sandbox.remove()
    }
}
