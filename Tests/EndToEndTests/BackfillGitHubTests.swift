import Common
import Foundation
import Testing

/// https://docs.github.com/en/rest/repos/webhooks#list-deliveries-for-a-repository-webhook, pages by cursor, attempts of one delivery.
@Suite struct BackfillGitHubTests {
    private static let hook = "repos/octo/app/hooks/42"

    private struct Delivery: Sendable {
        let id: Int
        let guid: String
        let ago: Int
        var event = "sponsorship"

        var at: String { Timestamp(milliseconds: (Int64(Date().timeIntervalSince1970) - Int64(ago)) * 1000).description }
        /// As GitHub sends it; the API gives the same with blanks.
        var payload: String { #"{"action":"created","sponsorship":{"node_id":"S\#(guid)","sponsor":{"id":9,"login":"jo \"the\" x"}}}"# }
    }

    private static func api(_ deliveries: [Delivery], gone: Int = -1) throws -> ProviderAPI {
        try ProviderAPI(key: ("authorization", "Bearer ghp_hush"), cursor: { $0.fields["cursor"] != nil }) { query in
            let rest = query.path.dropFirst("/\(hook)/deliveries".count)
            guard query.path.hasPrefix("/\(hook)/deliveries") else { return .status(404) }
            if rest.hasSuffix("/attempts") { return .status(202, body: "{}") }
            if let id = Int(rest.dropFirst()) {
                guard id != gone, let own = deliveries.first(where: { $0.id == id }) else { return .status(404) }
                let payload = own.payload.replacingOccurrences(of: ":{", with: ": {\n  ")
                return .status(
                    200,
                    body: """
                        {"id":\(id),"guid":"\(own.guid)","request":{"headers":{"X-GitHub-Delivery":"\(own.guid)","X-GitHub-Event":"\(own.event)",\
                        "X-Hub-Signature-256":"sha256=00","User-Agent":"GitHub-Hookshot/1"},"payload":\(payload)},"response":{"headers":{},"payload":"ok"}}
                        """)
            }
            let size = Int(query.fields["per_page"] ?? "30")!
            let list = deliveries.sorted { $0.ago < $1.ago }
            let start = Int(query.fields["cursor"] ?? "0")!
            let page = list.dropFirst(start).prefix(size).map {
                #"{"id":\#($0.id),"guid":"\#($0.guid)","delivered_at":"\#($0.at)","redelivery":false,"status":"OK","status_code":200,"event":"\#($0.event)","action":"created"}"#
            }
            var headers: [String: String] = [:]
            if start + size < list.count {
                headers["Link"] =
                    "<http://\(query.headers["host"] ?? "")/\(hook)/deliveries?per_page=\(size)&cursor=\(start + size)>; rel=\"next\""
            }
            return .status(200, headers: headers, body: "[\(page.joined(separator: ","))]")
        }
    }

    private func sandbox(_ api: ProviderAPI) async throws -> Sandbox {
        try await Sandbox(
            extra: ["BACKFILL_KEY_GITHUB": "ghp_hush"],
            yaml: "tenants: {acme: {backfill: {github: {url: \"\(api.url)\", hooks: [\(Self.hook)]}}}}\n")
    }

    private func live(_ sandbox: Sandbox, _ delivery: Delivery, guid: String? = nil) async throws -> Int {
        try await sandbox.post(
            delivery.payload, as: "github",
            headers: [("X-GitHub-Delivery", guid ?? delivery.guid), ("X-GitHub-Event", delivery.event)]
        ).status
    }

    @Test func whatIsMissingIsFetchedOnce() async throws {
        var deliveries = (0..<240).map { Delivery(id: 1000 + $0, guid: "g-\($0)", ago: 50_000 - $0 * 100) }
        deliveries.append(Delivery(id: 5000, guid: "g-7", ago: 20))  // a second attempt
        deliveries.append(Delivery(id: 6000, guid: "g-old", ago: 900_000))
        let api = try Self.api(deliveries, gone: 1003)
        let sandbox = try await sandbox(api)
        let ingest = try await sandbox.ingest()
        for number in 10..<239 { #expect(try await live(sandbox, deliveries[number]) == 202) }
        api.fails(.init(limitsEvery: 5, forgetsAt: 1))
        let run = try await sandbox.gatepost("backfill", "github", "--tenant", "acme", "--since", "1d", "--json")
        #expect(run.succeeded && !run.output.contains("ghp_hush"), "\(run.errors)")
        let counts = try BackfillStripeTests.counts(run)
        #expect(counts["taken"] == 10 && counts["gone"] == 1 && counts["duplicates"] == 229, "\(counts)")
        let rows = try sandbox.rows("SELECT event_type, headers FROM webhook_event WHERE created_by = 'backfill'")
        #expect(rows.allSatisfy { $0["event_type"] == "sponsorship.created" && !($0["headers"] as String).contains("signature") })
        // Late, and a stranger's copy of the signed body under another id.
        #expect(try await live(sandbox, deliveries[0]) == 200)
        #expect(try await live(sandbox, deliveries[1], guid: "another") == 200, "the digest is claimed as by the webhook")
        let before = api.calls
        let again = try await sandbox.gatepost("backfill", "github", "--tenant", "acme", "--since", "1d", "--json")
        #expect(try BackfillStripeTests.counts(again)["taken"] == 0)
        #expect(api.calls - before < 10, "what we have is not fetched")
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func gitHubCanBeAskedToSendAgain() async throws {
        let api = try Self.api((0..<3).map { Delivery(id: 1000 + $0, guid: "g-\($0)", ago: 500 - $0) })
        let sandbox = try await sandbox(api)
        let ingest = try await sandbox.ingest()
        let dry = try await sandbox.gatepost(
            "backfill", "github", "--tenant", "acme", "--since", "1d", "--redeliver", "--dry-run", "--json")
        #expect(try BackfillStripeTests.counts(dry)["redelivered"] == 3 && !api.standIn.calls.contains { $0.path.hasSuffix("/attempts") })
        let run = try await sandbox.gatepost("backfill", "github", "--tenant", "acme", "--since", "1d", "--redeliver", "--json")
        #expect(try BackfillStripeTests.counts(run)["redelivered"] == 3, "\(run.errors)")
        #expect(api.standIn.calls.filter { $0.path.hasSuffix("/attempts") }.count == 3)
        #expect(try sandbox.count("webhook_event") == 0, "they come by webhook")
        try await ingest.stop()
        try await sandbox.remove()
    }
}
