import Common
import Foundation
import Testing
import Transport

/// Providers that hand their secret over by themselves, and Braintree's challenge, through nginx.
@Suite struct LearningTests {
    private static let yaml = "tenants:\n  acme: {}\n"
    private static let json = [(name: "Content-Type", value: "application/json")]

    private func path(_ source: String, _ rest: String = "") -> String { "/api/webhooks/\(source)/acme/ingest\(rest)" }

    private func asana(_ sandbox: Sandbox, _ secret: String) async throws -> HTTPResponse {
        try await sandbox.request("POST", path("asana"), headers: [("X-Hook-Secret", secret)])
    }

    private func event(_ gid: Int) -> String {
        #"{"events":[{"action":"changed","created_at":"2026-11-23T10:00:00Z","user":{"gid":"1"},"resource":{"gid":"\#(gid)","resource_type":"task"}}]}"#
    }

    @Test func asanasSecretIsLearnedOnceAndOnlyInAWindow() async throws {
        let sandbox = try await Sandbox(yaml: Self.yaml)
        let ingest = try await sandbox.ingest()
        #expect(try await asana(sandbox, "too-early-secret").status == 404, "no such source yet")
        let open = try await sandbox.gatepost("secrets", "learn", "asana", "--tenant", "acme", "--for", "5m")
        #expect(open.succeeded, "\(open.errors)")
        // The window is seen within a second, with no restart.
        try await eventually("the source is known") {
            try await sandbox.post(event(0), as: "asana", secret: "guess").status == 401
        }
        let answer = try await asana(sandbox, "b537207f20cbfa02")
        #expect(answer.status == 200 && answer.header("x-hook-secret") == "b537207f20cbfa02" && answer.body.isEmpty)
        #expect(try await asana(sandbox, "b537207f20cbfa02").status == 200, "our answer may have been lost")
        let second = try await asana(sandbox, "a-second-secret")
        #expect(second.status == 401 && second.header("x-hook-secret") == nil)

        #expect(try await sandbox.post(event(1), as: "asana", secret: "b537207f20cbfa02").status == 202)
        #expect(try await sandbox.post(event(2), as: "asana", secret: "a-second-secret").status == 401)
        // Both headers: the signature counts.
        let both = [(name: "X-Hook-Secret", value: "a-second-secret")]
        #expect(try await sandbox.post(event(3), as: "asana", secret: "b537207f20cbfa02", headers: both).status == 202)

        let learned = try await sandbox.gatepost("secrets", "learned")
        #expect(learned.output.contains("asana") && learned.output.contains("127.0.0.1"))
        for output in [learned.output, try await sandbox.gatepost("secrets", "learned", "--json").output] {
            #expect(!output.contains("b537207f20cbfa02"))
        }
        #expect(try await sandbox.gatepost("check", "--json").output.contains("asana"))
        try await ingest.stop()
        let log = try String(contentsOf: sandbox.folder.appending(path: "ingest.log"), encoding: .utf8)
        #expect(log.contains("secret learned") && !log.contains("b537207f20cbfa02") && !log.contains("a-second-secret"))

        let again = try await sandbox.ingest()
        #expect(try await sandbox.post(event(4), as: "asana", secret: "b537207f20cbfa02").status == 202, "after a restart")
        #expect(try await sandbox.gatepost("secrets", "forget", "1").succeeded)
        try await eventually("what was forgotten is refused") {
            let number = Int.random(in: 100...1_000_000)
            return try await sandbox.post(event(number), as: "asana", secret: "b537207f20cbfa02").status == 404
        }
        try await again.stop()
        try await sandbox.remove()
    }

    /// An installation whose only provider hands its secret over.
    @Test func ingestStartsWithNothingButAWindow() async throws {
        let none = ["PROVIDER_SECRETS_STRIPE": "", "PROVIDER_SECRETS_GITHUB": "", "PROVIDER_SECRETS_HUBSPOT": ""]
        let sandbox = try await Sandbox(extra: none, yaml: Self.yaml)
        #expect(try await sandbox.gatepost("secrets", "learn", "asana", "--tenant", "acme").succeeded)
        let ingest = try await sandbox.ingest()
        #expect(try await asana(sandbox, "b537207f20cbfa02").status == 200)
        #expect(try await sandbox.post(event(1), as: "asana", secret: "b537207f20cbfa02").status == 202)
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func notionsTokenIsKeptForPasting() async throws {
        let sandbox = try await Sandbox(extra: ["PROVIDER_SECRETS_NOTION": "other:of-another-tenant"], yaml: Self.yaml + "  other: {}\n")
        let ingest = try await sandbox.ingest()
        let body = Bytes(#"{"verification_token":"secret_tMrlL1qK5vuQAh1b"}"#.utf8)
        func hand() async throws -> HTTPResponse { try await sandbox.request("POST", path("notion"), headers: Self.json, body: body) }
        #expect(try await hand().status == 404)
        #expect(try await sandbox.request("POST", "/api/webhooks/notion/other", headers: Self.json, body: body).status == 401)
        #expect(try await sandbox.gatepost("secrets", "learned", "notion", "--tenant", "acme", "--show").status == .exited(1))
        #expect(try await sandbox.gatepost("secrets", "learn", "notion", "--tenant", "acme").succeeded)
        try await eventually("the token is taken") { try await hand().status == 200 }
        #expect(try sandbox.count("webhook_event") == 0 && sandbox.count("learned_secret") == 1)
        let shown = try await sandbox.gatepost("secrets", "learned", "notion", "--tenant", "acme", "--show")
        #expect(shown.output == "secret_tMrlL1qK5vuQAh1b\n")
        let event = #"{"id":"e1","type":"page.created","timestamp":"2026-11-23T10:00:00Z","entity":{"id":"p1"}}"#
        #expect(try await sandbox.post(event, as: "notion", secret: "secret_tMrlL1qK5vuQAh1b").status == 202)
        #expect(try await sandbox.post(event, as: "notion", secret: "guess").status == 401)
        // A signed event that looks like a handshake is an event.
        let odd = #"{"id":"e2","type":"page.created","verification_token":"secret_tMrlL1qK5vuQAh1b"}"#
        #expect(try await sandbox.post(odd, as: "notion", secret: "secret_tMrlL1qK5vuQAh1b").status == 202)
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test(arguments: [
        (["stripe", "--tenant", "acme"], "does not hand over"), (["asana", "--tenant", "nobody"], "not in the settings"),
        (["nonsense", "--tenant", "acme"], "no source nonsense"), (["asana"], "--tenant"),
        (["asana", "--tenant", "acme", "--for", "2d"], "--for"), (["asana", "--tenant", "acme", "--for", "0m"], "--for"),
        (["asana", "--tenant", "acme", "--for", "25h"], "--for"),
    ])
    func refusesWindows(_ arguments: [String], because words: String) async throws {
        let sandbox = try await Sandbox(yaml: Self.yaml)
        let result = try await sandbox.gatepost(["secrets", "learn"] + arguments)
        #expect(result.status == .exited(2) && result.errors.contains(words), "\(result.errors)")
        try await sandbox.remove()
    }

    @Test func braintreesChallengeIsAnswered() async throws {
        let secrets = ["PROVIDER_SECRETS_BRAINTREE": "acme:integration_public_key:integration_private_key,other:only-private"]
        let sandbox = try await Sandbox(extra: secrets)
        let ingest = try await sandbox.ingest()
        // braintree 4.48.0: WebhookNotification.verify("20f9f8ed05f77439fe955c977e4c8a53")
        let answer = try await sandbox.request("GET", path("braintree", "?bt_challenge=20f9f8ed05f77439fe955c977e4c8a53"))
        #expect(answer.status == 200 && answer.text == "integration_public_key|d9b899556c966b3f06945ec21311865d35df3ce4")
        for challenge in [
            "", "20f9f8ed05f77439fe9", "20f9f8ed05f77439fe955c977e4c8a531", "20F9F8ED05F77439FE955C977E4C8A53", "PHhtbD48L3htbD4KPHhtbD4K",
        ] {
            #expect(try await sandbox.request("GET", path("braintree", "?bt_challenge=\(challenge)")).status == 405, "\(challenge)")
        }
        let other = try await sandbox.request("GET", "/api/webhooks/braintree/other?bt_challenge=20f9f8ed05f77439fe955c977e4c8a53")
        #expect(other.status == 405, "its secret has no public half")
        try await ingest.stop()
        try await sandbox.remove()
    }
}
