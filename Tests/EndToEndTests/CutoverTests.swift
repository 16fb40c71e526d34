import Common
import Foundation
import Testing

@Suite struct CutoverTests {
    @Test func mirrorsThenGoesLive() async throws {
        let wordpress = try StandIn()
        let sandbox = try await Sandbox(
            wordpress: wordpress.url, yaml: "tenants:\n  acme:\n    cutover:\n      stripe/customer.*: mirror\n")
        let ingest = try await sandbox.ingest()
        for name in ["One", "Two"] { #expect(try await sandbox.post(Events.stripeCustomer(name: name), as: "stripe").status == 202) }
        #expect(try await sandbox.post(Events.stripeInvoice(customer: "cus_2"), as: "stripe").status == 202)
        try await sandbox.worker()
        #expect(wordpress.calls.flatMap(\.items).map(\.route) == ["order-event"])
        let list = try await sandbox.gatepost("mirror", "list", "--json").output
        let id = try sandbox.rows("SELECT e.id FROM mirror m JOIN webhook_event e ON e.seq = m.event_seq")[1]["id"] as String
        #expect(list.contains(id))
        let shown = try await sandbox.gatepost("events", "show", id, "--json").output
        #expect(shown.contains("\"mode\": \"mirror\"") && shown.contains("\"event_ids\""))
        #expect(try await sandbox.gatepost("mirror", "release").output.contains("2 stay"), "the settings still say mirror")
        try Data("tenants:\n  acme:\n    cutover:\n      stripe/customer.*: 100%\n".utf8).write(
            to: sandbox.folder.appending(path: "gatepost.yaml"))
        #expect(try await sandbox.gatepost("mirror", "release", "--type", "customer.*").output.hasPrefix("2 events made to wait"))
        try await sandbox.worker()
        #expect(wordpress.calls.flatMap(\.items).last?.eventIDs.count == 2)
        #expect(try sandbox.count("mirror") == 0)
        try await ingest.stop()
        try await sandbox.remove()
    }

    /// What comes while a run waits goes at once.
    @Test func aRunThatLingersPushesWhatComes() async throws {
        let wordpress = try StandIn()
        let sandbox = try await Sandbox(wordpress: wordpress.url)
        let ingest = try await sandbox.ingest()
        #expect(try await sandbox.post(Events.stripeCustomer(), as: "stripe").status == 202)
        async let run = sandbox.worker(linger: 20)
        try await eventually("the first is pushed") { wordpress.calls.count == 1 }
        #expect(try await sandbox.post(Events.stripeCustomer(name: "Later"), as: "stripe").status == 202)
        try await eventually("and the second by the same run", within: 15) { wordpress.calls.count == 2 }
        _ = try await run
        try await ingest.stop()
        try await sandbox.remove()
    }
}
