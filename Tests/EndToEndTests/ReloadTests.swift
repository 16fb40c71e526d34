import Common
import Foundation
import Subprocess
import Synchronization
import Testing

/// SIGHUP: settings change between two requests.
@Suite struct ReloadTests {
    /// How often each status was the answer.
    private final class Answers: Sendable {
        private let held = Mutex<[Int: Int]>([:])

        var counts: [Int: Int] { held.withLock { $0 } }

        func add(_ status: Int) { held.withLock { $0[status, default: 0] += 1 } }
    }

    private static func write(_ text: String, to name: String, of sandbox: Sandbox) throws {
        try Data(text.utf8).write(to: sandbox.folder.appending(path: name), options: .atomic)
    }

    @Test func aChangeIsTakenAndNoRequestLost() async throws {
        let sandbox = try await Sandbox(extra: ["PROVIDER_SECRETS_STRIPE": ""])
        try Self.write("PROVIDER_SECRETS_STRIPE=acme:whsec_1\n", to: "secrets.env", of: sandbox)
        let ingest = try await sandbox.ingest()
        let answers = Answers()
        let senders = Task {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        while !Task.isCancelled {
                            let status = try await sandbox.post(Events.stripeCustomer(), as: "stripe", secret: "whsec_1").status
                            answers.add(status)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        func post(_ secret: String) async throws -> Int {
            try await sandbox.post(Events.stripeCustomer(), as: "stripe", secret: secret).status
        }
        #expect(try await post("whsec_2") == 401)
        for round in 2...11 {
            // The old one stays beside each new one, as an operator does it.
            try Self.write("PROVIDER_SECRETS_STRIPE=acme:whsec_\(round),acme:whsec_1\n", to: "secrets.env", of: sandbox)
            ingest.signal(SIGHUP)
            try await eventually("secret \(round) counts") { try await post("whsec_\(round)") == 202 }
            if round > 2 { #expect(try await post("whsec_\(round - 1)") == 401, "the one before does not count any more") }
        }
        let before = answers.counts[202] ?? 0
        try await eventually("more come in") { answers.counts[202] ?? 0 > before + 20 }
        senders.cancel()
        try? await senders.value
        #expect(Set(answers.counts.keys) == [202], "\(answers.counts)")

        let list = try await sandbox.gatepost("secrets", "list", "--json")
        let secrets = try JSONDocument(Bytes(list.output.utf8)).root.elements
        #expect(
            secrets.map { $0["read_from"]?.string }
                == ["PROVIDER_SECRETS_GITHUB", "PROVIDER_SECRETS_HUBSPOT", "PROVIDER_SECRETS_STRIPE", "PROVIDER_SECRETS_STRIPE"]
                .enumerated().map { "\($1), entry \($0 == 3 ? 2 : 1)" })
        #expect(secrets.map { $0["last_verified_at"]?.string != nil } == [false, false, true, true])
        #expect(!list.output.contains("whsec_"))
        #expect(try await ingest.stop() == .exited(0))
        try await sandbox.remove()
    }

    @Test func aWrongSettingChangesNothing() async throws {
        let sandbox = try await Sandbox()
        let ingest = try await sandbox.ingest()
        try Self.write("ingest:\n  turns: 99\n", to: "gatepost.yaml", of: sandbox)
        ingest.signal(SIGHUP)
        let log = sandbox.folder.appending(path: "ingest.log")
        try await eventually("it is said") {
            try String(contentsOf: log, encoding: .utf8).contains("settings not taken, the old ones go on: ")
        }
        #expect(try String(contentsOf: log, encoding: .utf8).contains("line 2: ingest.turns: expected a whole number"))
        #expect(try await sandbox.post(Events.stripeCustomer(), as: "stripe").status == 202)
        try Self.write("sources:\n  github:\n    allow: 192.0.2.1\n", to: "gatepost.yaml", of: sandbox)
        ingest.signal(SIGHUP)
        try await eventually("the address counts") {
            try await sandbox.post("{}", as: "github", headers: [("X-GitHub-Event", "ping"), ("X-GitHub-Delivery", "1")]).status == 403
        }
        #expect(try await ingest.stop() == .exited(0))
        try await sandbox.remove()
    }

    @Test func aSourceOfOnesOwnGoesAllTheWay() async throws {
        let yaml = """
            sources:
              billing:
                scheme:
                  algorithm: hmac-sha256
                  signature: {header: X-Billing-Signature}
                event-id: $.id
                event-type: $.event
                mappings:
                  - {type: customer.*, route: user-sync, subject: customer, subject-id: $.who.id, actor-id: $.who.id, actor-email: $.who.mail}
            """
        let arrived = try StandIn()
        let sandbox = try await Sandbox(wordpress: arrived.url, extra: ["PROVIDER_SECRETS_BILLING": "acme:key"], yaml: yaml)
        let ingest = try await sandbox.ingest()
        let file = sandbox.folder.appending(path: "customer.json")
        try Data(#"{"id":"1","event":"customer.moved","who":{"id":"7","mail":"anna@example.com"}}"#.utf8).write(to: file)
        let sent = try await sandbox.gatepost(
            "send", file.path, "--source", "billing", "--tenant", "acme", extra: ["GATEPOST_URL": sandbox.url])
        #expect(sent.status == .exited(0), "\(sent.errors)")
        try await sandbox.worker()
        #expect(try sandbox.count("webhook_event WHERE status = 'processed' AND source = 'billing'") == 1)
        let shown = try await sandbox.gatepost("events", "list", "--source", "billing", "--json")
        #expect(shown.output.contains("customer.moved"), "\(shown.errors)")
        #expect(arrived.calls.flatMap(\.items).map(\.email) == ["anna@example.com"])

        let id = try #require(sent.output.firstMatch(of: /[0-9a-f-]{36}/), "\(sent.output)").output
        let event = try await sandbox.gatepost("events", "show", String(id))
        #expect(event.output.contains("customer.moved") && event.output.contains("processed"), "\(event.output) \(event.errors)")
        let raw = try await sandbox.gatepost("events", "show", String(id), "--raw")
        #expect(try Data(raw.output.utf8) == Data(contentsOf: file))
        let provider = try await sandbox.gatepost("providers", "billing")
        #expect(provider.output.lowercased().contains("x-billing-signature"), "\(provider.output) \(provider.errors)")
        try await ingest.stop()
        try await sandbox.remove()
    }
}
