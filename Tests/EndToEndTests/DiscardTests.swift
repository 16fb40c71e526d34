import Common
import Foundation
import Subprocess
import Testing

/// What an operator does with dead letters and with events that are over.
@Suite struct DiscardTests {
    private func queued(_ sandbox: Sandbox, _ count: Int) async throws {
        for number in 0..<count {
            #expect(try await sandbox.post(Events.stripeInvoice(customer: "cus_\(number)"), as: "stripe").status == 202)
        }
        #expect(try await sandbox.worker().succeeded)
    }

    @Test func givesUpWhatWordPressRefused() async throws {
        let wordpress = try StandIn { call, _ in .applied(call) { _ in 422 } }
        let sandbox = try await Sandbox(wordpress: wordpress.url)
        let ingest = try await sandbox.ingest()
        try await queued(sandbox, 3)
        let ids = try sandbox.rows("SELECT id FROM webhook_event WHERE status = 'failed' ORDER BY seq").map { $0["id"] as String }
        #expect(ids.count == 3)

        #expect(try await sandbox.gatepost("dlq", "discard", "--all", "--dry-run").output == "would discard 3 dead letters\n")
        let unasked = try await sandbox.gatepost("dlq", "discard", "--all")
        #expect(unasked.status == .exited(2) && unasked.errors.contains("this would discard 3 dead letters; say --yes"))
        #expect(try await sandbox.gatepost("dlq", "discard", ids[0], "nobody").status == .exited(1))
        #expect(try sandbox.count("webhook_event WHERE status = 'failed'") == 3)

        #expect(try await sandbox.gatepost("dlq", "discard", ids[0], "--reason", "a test account").succeeded)
        let shown = try await sandbox.gatepost("events", "show", ids[0])
        #expect(shown.output.contains("discarded: a test account") && shown.output.contains("gatepost_refused"))
        let others = try await sandbox.gatepost("dlq", "discard", "--all", "--cause", "gatepost_refused", "--yes", "--json")
        #expect(try JSONDocument(Bytes(others.output.utf8)).root["discarded"]?.integer == 2)
        let status = try JSONDocument(Bytes(try await sandbox.gatepost("status", "--json").output.utf8)).root
        #expect(status["discarded"]?.integer == 3 && status["dead"]?.integer == 0 && status["queued"]?.integer == 0)
        #expect(try await sandbox.gatepost("dlq", "list").output == "no dead letter\n")

        wordpress.answers { call, _ in .applied(call) }
        #expect(try await sandbox.gatepost("events", "replay", ids[0]).succeeded)
        #expect(try await sandbox.worker().succeeded)
        #expect(try sandbox.count("webhook_event WHERE status = 'processed'") == 1)
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func replaysUnderTheSameKeyOrANewOne() async throws {
        let wordpress = try StandIn()
        let sandbox = try await Sandbox(wordpress: wordpress.url)
        let ingest = try await sandbox.ingest()
        try await queued(sandbox, 1)
        let id = try #require(wordpress.calls.first?.items.first?.key)
        #expect(try await sandbox.gatepost("events", "replay", id, "--dry-run").output == "would push 1 event once more\n")
        #expect(try await sandbox.gatepost("events", "replay", id).succeeded)
        #expect(try await sandbox.gatepost("events", "replay", id).errors.contains("waits for its push already"))
        #expect(try await sandbox.worker().succeeded)
        #expect(try await sandbox.gatepost("events", "replay", id, "--as-new").succeeded)
        #expect(try await sandbox.worker().succeeded)
        let keys = wordpress.calls.flatMap { $0.items.map(\.key) }
        #expect(keys.count == 3 && keys[1] == id && keys[2].hasPrefix("replay-"))
        #expect(try sandbox.count("webhook_event WHERE status = 'processed'") == 1)
        try await ingest.stop()
        try await sandbox.remove()
    }
}
