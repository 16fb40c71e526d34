import Common
import Foundation
import Testing

/// A WordPress that is ill as a whole, and what an operator holds back.
@Suite struct CircuitTests {
    private static let quick = "worker:\n  circuit-shortest: 1s\n  circuit-longest: 1s\n"

    private func post(_ count: Int, to sandbox: Sandbox) async throws {
        for number in 0..<count {
            let answer = try await sandbox.post(
                Events.stripeCustomer(customer: "cus_\(number)", email: "p\(number)@example.com"), as: "stripe")
            #expect(answer.status == 202)
        }
    }

    @Test(arguments: [
        ("a storm of 500", StandIn.Answer.status(500), 0), ("nobody may", .status(401, body: "{\"code\":\"gatepost_no_auth\"}"), 20),
        ("the plugin is gone", .status(404, body: "{\"code\":\"rest_no_route\"}"), 20), ("a page", .status(200, body: "<html>"), 0),
    ])
    func holdsTheQueueUntilItAnswersAgain(_ what: String, _ answer: StandIn.Answer, _ mostDead: Int) async throws {
        let wordpress = try StandIn { _, _ in answer }
        let sandbox = try await Sandbox(wordpress: wordpress.url, yaml: Self.quick + "  batch-size: 20\n")
        let ingest = try await sandbox.ingest()
        try await post(60, to: sandbox)
        try await eventually("the circuit opens", within: 30) {
            try await sandbox.worker()
            return try sandbox.count("circuit WHERE state = 'open'") == 1
        }
        let status = try await sandbox.gatepost("status").output
        #expect(status.contains("open") && status.contains(wordpress.url), "\(what)")
        #expect(try await sandbox.gatepost("status", "--json").output.contains("\"state\": \"open\""))
        // Probes alone go now, one event each, and cost nothing.
        let (calls, tries) = (wordpress.calls.count, try sandbox.rows("SELECT sum(attempts) AS n FROM webhook_event")[0]["n"] as Int)
        try await eventually("two probes have gone", within: 30) {
            try await sandbox.worker()
            return wordpress.calls.count >= calls + 2
        }
        #expect(wordpress.calls.dropFirst(calls).allSatisfy { $0.items.count == 1 })
        #expect(try sandbox.rows("SELECT sum(attempts) AS n FROM webhook_event")[0]["n"] == tries)
        let dead = try sandbox.count("webhook_event WHERE status = 'failed'")
        #expect(dead <= mostDead, "\(what)")
        wordpress.answers { call, _ in .applied(call) }
        try await eventually("all is pushed", within: 60) {
            try await sandbox.worker()
            return try sandbox.count("webhook_event WHERE status = 'queued'") == 0
        }
        #expect(try sandbox.count("webhook_event WHERE status = 'processed'") == 60 - dead)
        #expect(try sandbox.count("circuit") == 0)
        try await ingest.stop()
        try await sandbox.remove()
    }

    /// A person on whom a plugin there dies: the whole request is lost each time. The others arrive, and it alone is dead in the end.
    @Test func onePoisonTakesNobodyWithIt() async throws {
        let wordpress = try StandIn { call, _ in
            call.items.contains { $0.email == "p3@example.com" } ? .status(500) : .applied(call)
        }
        let sandbox = try await Sandbox(wordpress: wordpress.url, yaml: "worker:\n  tries: 3\n  retry-base: 1s\n  retry-factor: 1\n")
        let ingest = try await sandbox.ingest()
        try await post(12, to: sandbox)
        try await eventually("all is over", within: 60) {
            try await sandbox.worker()
            return try sandbox.count("webhook_event WHERE status = 'queued'") == 0
        }
        let rows = try sandbox.rows("SELECT lane, status, attempts FROM webhook_event ORDER BY seq")
        for row in rows {
            let isPoison = row["lane"] as String == "stripe:cus_3"
            #expect(row["status"] == (isPoison ? "failed" : "processed"), "\(row)")
            #expect((row["attempts"] as Int) == (isPoison ? 3 : 2), "\(row)")
        }
        try await ingest.stop()
        try await sandbox.remove()
    }

    /// The contract's own words for one event hold as they did.
    @Test(arguments: [400, 401, 404, 422])
    func aFewRefusedEventsAreDeadAtOnce(_ status: Int) async throws {
        let wordpress = try StandIn { _, _ in .status(status) }
        let sandbox = try await Sandbox(wordpress: wordpress.url)
        let ingest = try await sandbox.ingest()
        try await post(5, to: sandbox)
        try await sandbox.worker()
        #expect(try sandbox.count("webhook_event WHERE status = 'failed' AND attempts = 1") == 5)
        #expect(try sandbox.count("circuit WHERE state = 'open'") == 0)
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func pausesAndResumesInOrder() async throws {
        let wordpress = try StandIn()
        let sandbox = try await Sandbox(wordpress: wordpress.url)
        let ingest = try await sandbox.ingest()
        #expect(try await sandbox.gatepost("pause", "--tenant", "acme", "--route", "order-event").succeeded)
        for amount in 1...3 { #expect(try await sandbox.post(Events.stripeInvoice(amount: amount), as: "stripe").status == 202) }
        // Behind a paused event of the same person nothing goes; another person's goes.
        #expect(try await sandbox.post(Events.stripeCustomer(), as: "stripe").status == 202)
        #expect(try await sandbox.post(Events.stripeCustomer(customer: "cus_2"), as: "stripe").status == 202)
        #expect(try await sandbox.post(Events.stripeInvoice(), as: "stripe", tenant: "globex").status == 202)
        try await sandbox.worker()
        try await sandbox.worker()
        #expect(wordpress.calls.flatMap(\.items).count == 2)
        #expect(try sandbox.rows("SELECT sum(attempts) AS n FROM webhook_event WHERE status = 'queued'")[0]["n"] == 0)
        #expect(try await sandbox.gatepost("status").output.contains("PAUSED"))
        #expect(try await sandbox.gatepost("pause", "--source", "nothing").status == .exited(2))
        #expect(try await sandbox.gatepost("resume").output.hasPrefix("1 pause taken away"))
        try await sandbox.worker()
        let sent = wordpress.calls.flatMap(\.items).dropFirst(2)
        #expect(sent.map(\.route) == ["order-event", "order-event", "order-event", "user-sync"])
        #expect((1...3).allSatisfy { sent[sent.startIndex + $0 - 1].payload.contains("\"id\":\"in_\($0)\"") })
        #expect(try await sandbox.gatepost("pause").succeeded)
        #expect(try await sandbox.post(Events.stripeCustomer(), as: "stripe").status == 202, "ingest goes on")
        let before = wordpress.calls.count
        try await sandbox.worker()
        #expect(wordpress.calls.count == before)
        try await ingest.stop()
        try await sandbox.remove()
    }

    /// One event kills every worker that has it: the others get through, and it ends in the dead letters.
    @Test func anEventThatKillsWorkersIsFound() async throws {
        let wordpress = try StandIn()
        let sandbox = try await Sandbox(wordpress: wordpress.url)
        let ingest = try await sandbox.ingest()
        try await post(5, to: sandbox)
        for run in 0..<6 {
            let ended = try await sandbox.worker(["GATEPOST_FAIL_AT": "before-push=p3@example.com"])
            #expect(ended.succeeded == (run > 3), "run \(run)")
            // As if the leases had ended.
            try sandbox.change("UPDATE lane SET due_at = 1")
        }
        #expect(try sandbox.rows("SELECT cause FROM job_execution WHERE status = 'dead'").map { $0["cause"] } == ["worker_died"])
        #expect(try sandbox.count("webhook_event WHERE status = 'processed'") == 4)
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func showsWhatWasTried() async throws {
        let wordpress = try StandIn { call, number in number < 1 ? .status(500, body: "<h1>shared-secret is out</h1>") : .applied(call) }
        let sandbox = try await Sandbox(wordpress: wordpress.url)
        let ingest = try await sandbox.ingest()
        try await post(1, to: sandbox)
        try await eventually("it is pushed") {
            try await sandbox.worker()
            return try sandbox.count("webhook_event WHERE status = 'processed'") == 1
        }
        let id = try sandbox.rows("SELECT id FROM webhook_event")[0]["id"] as String
        let shown = try await sandbox.gatepost("events", "show", id, "--json").output
        #expect(shown.contains("\"cause\": \"http_500\"") && shown.contains("<h1>… is out</h1>"))
        try await ingest.stop()
        try await sandbox.remove()
    }
}
