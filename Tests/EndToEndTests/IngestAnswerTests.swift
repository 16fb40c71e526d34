import Common
import Foundation
import GRDB
import Testing
import Transport

/// nginx with the shipped snippets in front of the built gatepost-ingest.
@Suite struct IngestAnswerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let status: Int
        let send: @Sendable (Sandbox) async throws -> HTTPResponse

        init(_ name: String, _ status: Int, _ send: @escaping @Sendable (Sandbox) async throws -> HTTPResponse) {
            testDescription = name
            self.status = status
            self.send = send
        }
    }

    static let refusals: [Case] = [
        Case("no signature", 401) { try await $0.request("POST", "/api/webhooks/stripe", headers: json, body: Bytes("{}".utf8)) },
        Case("wrong secret", 401) { try await $0.post(Events.stripeCustomer(), as: "stripe", secret: "whsec_other") },
        Case("another tenant's secret", 401) { try await $0.post(Events.stripeCustomer(), as: "stripe", secret: "whsec_globex") },
        Case("301 s old", 401) { try await $0.post(Events.stripeCustomer(), as: "stripe", at: now + .seconds(-301)) },
        Case("302 s ahead", 401) { try await $0.post(Events.stripeCustomer(), as: "stripe", at: now + .seconds(302)) },
        Case("signature header without time", 400) {
            try await $0.request("POST", "/api/webhooks/stripe", headers: json + [("Stripe-Signature", "garbage")], body: Bytes("{}".utf8))
        },
        Case("not JSON, honestly signed", 400) { try await $0.post("{\"id\":", as: "stripe") },
        Case("an array where an object is due", 400) { try await $0.post("[]", as: "stripe") },
        Case("nested too deeply", 400) { try await $0.post(String(repeating: "[", count: 5000), as: "stripe") },
        Case("empty body", 400) { try await $0.post("", as: "stripe") },
        Case("form", 415) {
            try await $0.post("a=b", as: "stripe", headers: [("Content-Type", "application/x-www-form-urlencoded")])
        },
        Case("unknown source", 404) { try await $0.request("POST", "/api/webhooks/nobody", headers: json, body: Bytes("{}".utf8)) },
        Case("unknown tenant", 404) { try await $0.request("POST", "/api/webhooks/stripe/nobody", headers: json, body: Bytes("{}".utf8)) },
        Case("path beyond", 404) {
            try await $0.request("POST", "/api/webhooks/stripe/acme/x/ingest", headers: json, body: Bytes("{}".utf8))
        },
        Case("GET", 405) { try await $0.request("GET", "/api/webhooks/stripe/ingest") },
        Case("PUT", 405) { try await $0.request("PUT", "/api/webhooks/stripe/ingest") },
        Case("one byte over nginx's cap", 413) {
            try await $0.post(String(repeating: " ", count: 512 * 1024 + 1), as: "stripe")
        },
        Case("one byte over ingest's cap", 413) {
            try await $0.post(String(repeating: " ", count: 1024 * 1024 + 1), as: "github")
        },
    ]

    private static let json: [(name: String, value: String)] = [("Content-Type", "application/json")]
    private static var now: Timestamp { WallClock.system.now() }

    @Test func refusesWhatItMustAndSaysNothingOfWhy() async throws {
        let sandbox = try await Sandbox(yaml: "sources:\n  github:\n    body-limit: 1MiB\n")
        let ingest = try await sandbox.ingest()
        for example in Self.refusals {
            let answer = try await example.send(sandbox)
            #expect(answer.status == example.status, "\(example.testDescription)")
            #expect(answer.header("content-type") == "application/problem+json", "\(example.testDescription)")
            #expect(answer["status"] == "\(example.status)", "\(example.testDescription): \(answer.text)")
            #expect(answer["detail"] == nil, "\(example.testDescription)")
            #expect(answer.headers.filter { $0.name == "x-request-id" }.count == 1, "\(example.testDescription)")
            if example.status == 405 { #expect(answer.header("allow")?.contains("POST") == true, "\(example.testDescription)") }
            try OpenAPI.shared.expectDocumented("/api/webhooks/{source}/ingest", "post", answer)
        }
        #expect(try sandbox.count("webhook_event WHERE signature_valid = 1") == 0)
        #expect(try sandbox.count("nonce") == 0)
        #expect(try await ingest.stop() == .exited(0))
        try await sandbox.remove()
    }

    @Test func storesBeforeItAnswersAndKnowsRepeats() async throws {
        let sandbox = try await Sandbox()
        let ingest = try await sandbox.ingest()
        let id = Events.id()
        let first = try await sandbox.post(Events.stripeCustomer(id: id), as: "stripe")
        #expect(first.status == 202)
        #expect(first["status"] == "queued")
        try OpenAPI.shared.expectDocumented("/api/webhooks/{source}/ingest", "post", first)
        let row = try #require(try sandbox.rows("SELECT * FROM webhook_event").first)
        #expect(row["id"] == first["event_id"])
        #expect(row["idempotency_key"] == "stripe:acme:\(id)")
        #expect(row["status"] == "queued")
        #expect(row["signature_valid"] == 1)
        #expect(row["source_ip"] == "127.0.0.1")

        let again = try await sandbox.post(Events.stripeCustomer(id: id), as: "stripe")
        #expect(again.status == 200)
        #expect(again["status"] == "duplicate")
        #expect(again["event_id"] == first["event_id"])
        try OpenAPI.shared.expectDocumented("/api/webhooks/{source}/ingest", "post", again)
        // The same id at another tenant is another event.
        #expect(try await sandbox.post(Events.stripeCustomer(id: id), as: "stripe", tenant: "globex").status == 202)
        #expect(try sandbox.count("webhook_event") == 2)
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func takesEveryFormOfTheURLAndFindsTheTenantByItsSecret() async throws {
        let sandbox = try await Sandbox()
        let ingest = try await sandbox.ingest()
        for (path, tenant) in [
            ("/api/webhooks/stripe/ingest", "globex"), ("/api/webhooks/stripe", "acme"), ("/api/webhooks/stripe/globex/ingest", "globex"),
            ("/api/webhooks/stripe/acme", "acme"),
        ] {
            let answer = try await sandbox.post(Events.stripeCustomer(), as: "stripe", tenant: tenant, path: path)
            #expect(answer.status == 202, "\(path)")
            let stored = try sandbox.rows("SELECT tenant FROM webhook_event WHERE id = ?", [answer["event_id"]]).first
            #expect(stored?["tenant"] == tenant, "\(path)")
        }
        // A secret that is being rolled out counts like the one before it.
        #expect(try await sandbox.post(Events.stripeCustomer(), as: "stripe", secret: "whsec_acme_old").status == 202)
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func makesOneEventOfEachElementOfHubSpotsArray() async throws {
        let sandbox = try await Sandbox()
        let ingest = try await sandbox.ingest()
        let body = Events.hubspot([
            (1, "contact.propertyChange", 51, "email", "a@example.com"), (2, "contact.propertyChange", 52, "email", "b@example.com"),
            (1, "contact.propertyChange", 51, "email", "a@example.com"), (3, "company.creation", 9, "name", "Acme"),
        ])
        let answer = try await sandbox.post(body, as: "hubspot", path: "/api/webhooks/hubspot/acme/ingest?from=a%3Ab%20c")
        #expect(answer.status == 202)
        #expect(try JSONDocument(answer.body).root["event_ids"]?.elements.count == 4)
        #expect(try sandbox.count("webhook_event") == 3)  // the third repeats the first
        #expect(try sandbox.count("webhook_event WHERE status = 'received' AND event_type = 'company.creation'") == 1)
        let again = try await sandbox.post(body, as: "hubspot")
        #expect(again.status == 200)
        #expect(again["status"] == "duplicate")
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func catchesAReplayUnderAFreshDeliveryID() async throws {
        let sandbox = try await Sandbox()
        let ingest = try await sandbox.ingest()
        let body =
            "{\"action\":\"created\",\"sender\":{\"id\":1},\"sponsorship\":{\"node_id\":\"S_1\",\"sponsor\":{\"id\":1,\"login\":\"jo\"}}}"
        func deliver(_ delivery: String) async throws -> HTTPResponse {
            try await sandbox.post(body, as: "github", headers: [("X-GitHub-Delivery", delivery), ("X-GitHub-Event", "sponsorship")])
        }
        let first = try await deliver("one")
        #expect(first.status == 202)
        let replay = try await deliver("two")
        #expect(replay.status == 200)
        #expect(replay["event_id"] == first["event_id"])
        #expect(try sandbox.rows("SELECT event_type FROM webhook_event").map { $0["event_type"] as String } == ["sponsorship.created"])
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func answers503WhileTheStoreIsLockedAndForgetsNothingElse() async throws {
        let sandbox = try await Sandbox()
        let ingest = try await sandbox.ingest()
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let locker = try DatabaseQueue(path: sandbox.databasePath, configuration: configuration)
        let id = Events.id()
        try await locker.writeWithoutTransaction { try $0.execute(sql: "BEGIN EXCLUSIVE") }
        let refused = try await sandbox.post(Events.stripeCustomer(id: id), as: "stripe")
        #expect(refused.status == 503)
        #expect(refused.header("retry-after") != nil)
        try OpenAPI.shared.expectDocumented("/api/webhooks/{source}/ingest", "post", refused)
        #expect(try await sandbox.request("GET", "/healthz").status == 503)
        try await locker.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
        #expect(try await sandbox.post(Events.stripeCustomer(id: id), as: "stripe").status == 202)
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func answers503UnderTheFreeSpaceFloor() async throws {
        let sandbox = try await Sandbox(yaml: "ingest:\n  free-space-floor: 1048576MiB\n")
        let ingest = try await Daemon.start(
            Programs.ingest, ["--socket", sandbox.folder.appending(path: "ingest.sock").path],
            environment: Sandbox.secrets.merging([
                "GATEPOST_DB": sandbox.databasePath, "GATEPOST_CONFIG": sandbox.folder.appending(path: "gatepost.yaml").path,
            ]) { $1 }, log: sandbox.folder.appending(path: "ingest.log"))
        try await eventually("ingest refuses") {
            let answer = try await sandbox.post(Events.stripeCustomer(), as: "stripe")
            return answer.status == 503 && answer.header("retry-after") == "5"
        }
        #expect(try sandbox.count("webhook_event") == 0)
        try await ingest.stop()
        try await sandbox.remove()
    }
}
