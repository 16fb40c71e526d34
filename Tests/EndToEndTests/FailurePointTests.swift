import Common
import Foundation
import Subprocess
import Testing

/// Each program dies at each place where that could matter, one by one; afterwards the books agree.
@Suite struct FailurePointTests {
    struct Death: Sendable, CustomTestStringConvertible {
        let point: FailurePoint
        /// Of the two changes of one person, folded, and the order event behind them.
        let wordPressHasTheUser: Bool
        let queuedAfterwards: Int
        var testDescription: String { point.rawValue }
    }

    static let deaths = [
        Death(point: .afterClaim, wordPressHasTheUser: false, queuedAfterwards: 3),
        Death(point: .beforePush, wordPressHasTheUser: false, queuedAfterwards: 3),
        Death(point: .afterPush, wordPressHasTheUser: true, queuedAfterwards: 3),
        Death(point: .beforeSettle, wordPressHasTheUser: true, queuedAfterwards: 3),
        Death(point: .afterSettle, wordPressHasTheUser: true, queuedAfterwards: 1),
    ]

    @Test(arguments: deaths) func aWorkersDeathLosesAndDoublesNothing(_ death: Death) async throws {
        let site = try await WordPressSite.up()
        let sandbox = try await Sandbox(wordpress: site.url, extra: site.credentials)
        let ingest = try await sandbox.ingest()
        let customer = Events.id("cus_")
        let email = "\(customer)@example.com"
        for name in ["First", "Last"] {
            let body = Events.stripeCustomer(customer: customer, email: email, name: name)
            #expect(try await sandbox.post(body, as: "stripe").status == 202)
        }
        #expect(try await sandbox.post(Events.stripeInvoice(customer: customer), as: "stripe").status == 202)

        #expect(try await sandbox.worker(["GATEPOST_FAIL_AT": death.point.rawValue]).status == .signaled(SIGKILL))
        #expect(try await !site.user(email).isEmpty == death.wordPressHasTheUser)
        #expect(try sandbox.count("webhook_event WHERE status = 'queued'") == death.queuedAfterwards)

        try sandbox.endLeases()
        try await eventually("all is settled") {
            try await sandbox.worker()
            return try sandbox.count("webhook_event WHERE status = 'processed'") == 3
        }
        try await eventually("WP-Cron has worked on the order event", within: 90) { try await site.orders(of: customer) == "1 1" }
        #expect(try await site.user(email).hasSuffix(" Last"))
        try await expectOneEffectEach(sandbox, site)
        try await ingest.stop()
        try await sandbox.remove()
    }

    /// Three have died on it; the next, that is already running and waits for more, takes it up when the last lease has ended.
    @Test(arguments: [false, true]) func aLingeringWorkerTakesUpWhatOthersDiedOn(_ isCircuitOpen: Bool) async throws {
        let wordpress = try StandIn()
        let sandbox = try await Sandbox(wordpress: wordpress.url, yaml: "worker:\n  lease: 5s\n  timeout: 4s\n")
        let ingest = try await sandbox.ingest()
        #expect(try await sandbox.post(Events.stripeInvoice(), as: "stripe").status == 202)
        for death in 1...3 {
            try await eventually("worker \(death) dies") {
                try await sandbox.worker(["GATEPOST_FAIL_AT": "before-push"]).status == .signaled(SIGKILL)
            }
        }
        if isCircuitOpen {
            let now = WallClock.system.now().milliseconds
            try sandbox.change(
                "INSERT INTO circuit VALUES ('acme', '\(wordpress.url)', 'open', 9, 9, \(now), \(now + 1000), 1000, 'timeout', '')")
        }
        #expect(try await sandbox.worker(linger: 12).succeeded)
        #expect(try sandbox.count("webhook_event WHERE status = 'processed'") == 1)
        try await ingest.stop()
        try await sandbox.remove()
    }

    /// Both sides' books: a key of WordPress's for each push of ours, standing for as many events.
    private func expectOneEffectEach(_ sandbox: Sandbox, _ site: WordPressSite) async throws {
        let pushes = try sandbox.rows("SELECT push_key, count(*) AS n FROM job_execution GROUP BY push_key ORDER BY n")
        #expect(pushes.map { $0["n"] as Int } == [1, 2])
        for push in pushes {
            let (key, count): (String, Int) = (push["push_key"], push["n"])
            #expect(try await site.eventCount(ofKey: key) == "\(count)")
        }
    }

    @Test(arguments: [(FailurePoint.beforeCommit, 0), (.afterCommit, 3)])
    func ingestsDeathStoresAllOfAPostOrNothing(_ point: FailurePoint, _ stored: Int) async throws {
        let wordpress = try StandIn()
        let sandbox = try await Sandbox(wordpress: wordpress.url)
        let dying = try await sandbox.ingest(["GATEPOST_FAIL_AT": point.rawValue])
        let contact = Int.random(in: 1_000_000...9_999_999)
        let body = Events.hubspot([
            (1, "contact.creation", contact, "", ""), (2, "contact.propertyChange", contact, "email", "jo@example.com"),
            (3, "contact.propertyChange", contact, "plan", "gold"),
        ])
        let answer = try await sandbox.post(body, as: "hubspot")
        #expect(answer.status == 503 && answer.header("retry-after") != nil)
        #expect(try await dying.wait() == .signaled(SIGKILL))
        #expect(try sandbox.count("webhook_event") == stored)
        #expect(try sandbox.count("job_execution") == stored)

        let ingest = try await sandbox.ingest()
        let again = try await sandbox.post(body, as: "hubspot")
        #expect(again.status == (stored == 0 ? 202 : 200))
        #expect(try sandbox.count("webhook_event") == 3)
        try await sandbox.worker()
        #expect(wordpress.calls.flatMap { $0.items.flatMap(\.eventIDs) }.count == 3)
        #expect(try sandbox.rows("SELECT sum(events) AS n FROM event_count").first?["n"] == 3)
        try await ingest.stop()
        try await sandbox.remove()
    }
}
