import Common
import Foundation
import Testing

/// Killed before or behind a commit, every provider's run is gone on with, and so is a file's: nothing is missing, nothing there twice.
@Suite struct BackfillResumeTests {
    private static let now = Int64(Date().timeIntervalSince1970)
    private static let count = 70

    private static func moment(_ number: Int) -> Timestamp { Timestamp(milliseconds: (now - 7000 + Int64(number) * 20) * 1000) }

    private static func time(_ number: Int) -> String { String(moment(number).description.prefix(19)) }

    private struct Shop: Sendable {
        let source: String
        let key: (header: String, value: String, secret: String)
        let settings: String
        let answer: @Sendable (ProviderAPI.Query) -> StandIn.Answer
    }

    private static let github = Shop(
        source: "github", key: ("authorization", "Bearer ghp_1", "ghp_1"), settings: ", hooks: [repos/o/a/hooks/4]"
    ) { query in
        if query.path.hasSuffix("/deliveries") {
            let list = (0..<count).reversed().map {
                #"{"id":\#($0),"guid":"g-\#($0)","delivered_at":"\#(moment($0))","event":"sponsorship"}"#
            }
            return .status(200, body: "[\(list.joined(separator: ","))]")
        }
        let id = query.path.split(separator: "/").last ?? ""
        let payload = #"{"action":"created","sponsorship":{"node_id":"S\#(id)","sponsor":{"id":9,"login":"jo"}}}"#
        return .status(
            200,
            body: #"{"request":{"headers":{"X-GitHub-Delivery":"g-\#(id)","X-GitHub-Event":"sponsorship"},"payload":\#(payload)}}"#)
    }

    private static let shopify = Shop(source: "shopify", key: ("x-shopify-access-token", "s", "s"), settings: ", types: [\"orders/*\"]") {
        query in
        func second(_ name: String) -> Int64 { Timestamp(rfc3339: query.fields[name] ?? "")?.milliseconds ?? 0 }
        let some = (0..<count).filter { (second("updated_at_min")...second("updated_at_max")).contains(moment($0).milliseconds) }
        let list = some.map { #"{"id":\#($0 + 1),"created_at":"2025-01-01T00:00:00Z","updated_at":"\#(time($0))Z","customer":{"id":7}}"# }
        return .status(200, body: #"{"orders":[\#(list.joined(separator: ","))]}"#)
    }

    private static let woocommerce = Shop(
        source: "woocommerce", key: ("authorization", "Basic YTpi", "a:b"), settings: ", types: [\"order.*\"]"
    ) { query in
        let (after, before) = (query.fields["modified_after"] ?? "", query.fields["modified_before"] ?? "")
        let some = (0..<count).filter { after < time($0) && time($0) < before }
        let page = some.dropFirst((Int(query.fields["page"] ?? "1")! - 1) * 100).prefix(100)
        let list = page.map {
            #"{"id":\#($0 + 1),"date_created_gmt":"2025-01-01T00:00:00","date_modified_gmt":"\#(time($0))","customer_id":3}"#
        }
        return .status(
            200, headers: ["X-WP-Total": "\(some.count)", "X-WP-TotalPages": "\((some.count + 99) / 100)"],
            body: "[\(list.joined(separator: ","))]")
    }

    private static let hubspot = Shop(
        source: "hubspot", key: ("authorization", "Bearer p", "p"), settings: ", properties: [contacts/email]"
    ) { query in
        if query.path.hasSuffix("/batch/read") {
            let ids = (query.body?["inputs"]?.elements ?? []).compactMap { $0["id"]?.string.flatMap { Int($0) } }
            let list = ids.map { id in
                #"{"id":"\#(id)","createdAt":"2025-01-01T00:00:00Z","propertiesWithHistory":{"email":[{"value":"c\#(id)@example.com","timestamp":"\#(moment(id - 1))","sourceType":"API"}]}}"#
            }
            return .status(200, body: #"{"results":[\#(list.joined(separator: ","))]}"#)
        }
        let filter = query.body?["filterGroups"]?.elements.first?["filters"]?.elements.first
        let (low, high) = (Int64(filter?["value"]?.string ?? "") ?? 0, Int64(filter?["highValue"]?.string ?? "") ?? 0)
        let some = (0..<count).filter { (low...high).contains(moment($0).milliseconds) }
        return .status(200, body: #"{"results":[\#(some.map { #"{"id":"\#($0 + 1)"}"# }.joined(separator: ","))]}"#)
    }

    @Test(arguments: ["github", "shopify", "woocommerce", "hubspot"], ["before-commit", "after-commit"])
    func aProvidersRunIsGoneOnWith(_ source: String, at point: String) async throws {
        let shop = try #require([Self.github, Self.shopify, Self.woocommerce, Self.hubspot].first { $0.source == source })
        let api = try ProviderAPI(key: (shop.key.header, shop.key.value)) { shop.answer($0) }
        let sandbox = try await Sandbox(
            extra: ["BACKFILL_KEY_\(source.uppercased())__ACME": shop.key.secret],
            yaml: "tenants: {acme: {backfill: {\(source): {url: \"\(api.url)\"\(shop.settings)}}}}\n")
        let killed = try await sandbox.gatepost(
            "backfill", source, "--tenant", "acme", "--since", "150min", extra: ["GATEPOST_FAIL_AT": point])
        #expect(killed.status == .signaled(9), "\(killed.status) \(killed.errors)")
        let there = try sandbox.count("webhook_event")
        #expect(point == "after-commit" ? there > 0 : there == 0, "\(there)")
        let run = try await sandbox.gatepost("backfill", source, "--tenant", "acme", "--resume", "--json")
        #expect(run.succeeded, "\(run.errors)")
        #expect(try sandbox.count("webhook_event") == Self.count && sandbox.count("job_execution") == Self.count)
        #expect(try sandbox.rows("SELECT count(DISTINCT idempotency_key) AS n FROM webhook_event").first?["n"] == Self.count)
        let order = try sandbox.rows("SELECT occurred_at AS at FROM webhook_event WHERE occurred_at IS NOT NULL ORDER BY seq")
        #expect(order.map { $0["at"] as Int64 } == order.map { $0["at"] as Int64 }.sorted(), "oldest first")
        try await sandbox.remove()
    }

    @Test(arguments: ["before-commit", "after-commit"])
    func aFileIsTakenInAgain(at point: String) async throws {
        let sandbox = try await Sandbox()
        let path = sandbox.folder.appending(path: "events.jsonl").path
        let lines = (0..<Self.count).map {
            #"{"source":"stripe","tenant":"acme","body":{"id":"evt_\#($0)","type":"invoice.paid","created":\#(Self.now - 99)}}"#
        }
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: path))
        let killed = try await sandbox.gatepost("backfill", path, "--tenant", "acme", extra: ["GATEPOST_FAIL_AT": point])
        #expect(killed.status == .signaled(9))
        let run = try await sandbox.gatepost("backfill", path, "--tenant", "acme", "--json")
        let counts = try BackfillStripeTests.counts(run)
        #expect(counts["taken"] == (point == "after-commit" ? 20 : 70) && counts["listed"] == 70, "\(counts)")
        #expect(try sandbox.count("webhook_event") == Self.count)
        try await sandbox.remove()
    }
}
