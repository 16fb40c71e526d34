import Common
import Foundation
import GRDB
import Subprocess
import Synchronization
import Testing

/// The built worker against a WordPress that fails as the real one can't be asked to.
@Suite struct DeliveryTests {
    @Test func foldsOnePersonsSyncsAndSignsWhatItSends() async throws {
        let wordpress = try StandIn()
        let sandbox = try await Sandbox(wordpress: wordpress.url, extra: ["WORDPRESS_USER": "gatepost", "WORDPRESS_APP_PASSWORD": "a b c"])
        let ingest = try await sandbox.ingest()
        for name in ["One", "Two", "Three"] {
            #expect(try await sandbox.post(Events.stripeCustomer(name: name), as: "stripe").status == 202)
        }
        #expect(try await sandbox.post(Events.stripeCustomer(customer: "cus_2", name: "Other"), as: "stripe").status == 202)
        #expect(try await sandbox.worker().succeeded)

        let call = try #require(wordpress.calls.first)
        #expect(wordpress.calls.count == 1)
        #expect(call.path == "/wp-json/ai-guy/v1/batch")
        #expect(call.items.map(\.eventIDs.count) == [3, 1])
        #expect(call.items[0].payload.contains("\"name\":\"Three\""))
        let code = try HMACKey(Bytes("shared-secret".utf8)).code(over: call.body)
        #expect(call.headers["x-signature"] == String(decoding: Hex.encode(code), as: UTF8.self))
        #expect(call.headers["authorization"] == "Basic " + Data("gatepost:a b c".utf8).base64EncodedString())
        #expect(UUID(uuidString: call.headers["x-request-id"] ?? "") != nil)
        #expect(call.headers["idempotency-key"]?.isEmpty == false)
        #expect(try sandbox.count("webhook_event WHERE status = 'processed'") == 4)
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func keepsOneCustomersOrdersInOrderAcrossAFailure() async throws {
        let wordpress = try StandIn { call, number in
            number == 0 ? .applied(call) { _ in 503 } : .applied(call)
        }
        let sandbox = try await Sandbox(wordpress: wordpress.url)
        let ingest = try await sandbox.ingest()
        for amount in 1...4 { #expect(try await sandbox.post(Events.stripeInvoice(amount: amount), as: "stripe").status == 202) }
        try await drain(sandbox)
        let amounts = wordpress.calls.flatMap { $0.items.map { $0.payload.contains("\"amount_paid\":1,") ? 1 : 0 } }
        let order = wordpress.calls.flatMap(\.items).compactMap { item in (1...4).first { item.payload.contains("\"id\":\"in_\($0)\"") } }
        #expect(order == [1, 1, 2, 3, 4], "the first goes again before the second is sent: \(amounts)")
        #expect(wordpress.calls[0].items[0].key == wordpress.calls[1].items[0].key)
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func triesAgainAfter500AndDeliversOnce() async throws {
        let wordpress = try StandIn { call, number in number < 3 ? .status(500, body: "<h1>Error</h1>") : .applied(call) }
        let sandbox = try await Sandbox(wordpress: wordpress.url)
        let ingest = try await sandbox.ingest()
        #expect(try await sandbox.post(Events.stripeCustomer(), as: "stripe").status == 202)
        try await drain(sandbox)
        #expect(wordpress.calls.count == 4)
        #expect(Set(wordpress.calls.map { $0.items[0].key }).count == 1)
        let row = try #require(try sandbox.rows("SELECT status, attempts, error FROM webhook_event").first)
        #expect(row["status"] == "processed")
        #expect(row["attempts"] == 4)
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func sendsTheSameKeyAgainWhenItWasKilledBetweenPushAndSettle() async throws {
        let wordpress = try StandIn()
        let sandbox = try await Sandbox(wordpress: wordpress.url, yaml: "worker:\n  lease: 25s\n  timeout: 4s\n")
        let ingest = try await sandbox.ingest()
        for _ in 0..<3 { #expect(try await sandbox.post(Events.stripeCustomer(), as: "stripe").status == 202) }
        let killed = try await sandbox.worker(["GATEPOST_FAIL_AT": "after-push"])
        #expect(killed.status == .signaled(SIGKILL))
        #expect(try sandbox.count("webhook_event WHERE status = 'queued'") == 3)
        // A later event of the same person waits behind the push whose fate is unknown.
        #expect(try await sandbox.post(Events.stripeCustomer(name: "Later"), as: "stripe").status == 202)
        try await sandbox.worker()
        #expect(wordpress.calls.count == 1)
        try await drain(sandbox)
        let items = wordpress.calls.map { $0.items[0] }
        #expect(items.count == 3)
        #expect(items[0] == items[1], "same group, same key, same payload")
        #expect(items[2].eventIDs.count == 1)
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func letsOneRefusedItemFailByItself() async throws {
        let wordpress = try StandIn { call, _ in .applied(call) { $0.email == "bad@example.com" ? 422 : nil } }
        let sandbox = try await Sandbox(wordpress: wordpress.url)
        let ingest = try await sandbox.ingest()
        for number in 0..<5 {
            let email = number == 2 ? "bad@example.com" : "good\(number)@example.com"
            #expect(try await sandbox.post(Events.stripeCustomer(customer: "cus_\(number)", email: email), as: "stripe").status == 202)
        }
        try await sandbox.worker()
        #expect(wordpress.calls.count == 1)
        #expect(try sandbox.count("webhook_event WHERE status = 'processed'") == 4)
        let dead = try #require(
            try sandbox.rows("SELECT status, cause, http_status, attempts FROM job_execution WHERE status = 'dead'").first)
        #expect(dead["cause"] == "gatepost_refused")
        #expect(dead["http_status"] == 422)
        #expect(dead["attempts"] == 1)
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test(arguments: [
        ("a page with status 200", StandIn.Answer.status(200, body: "<!doctype html>"), "not_wordpress_json"),
        ("a firewall", .status(403, body: "no"), "forbidden"),
        ("no plugin", .status(404, body: "{\"code\":\"rest_no_route\"}"), "rest_no_route"),
        ("wrong password", .status(401, body: "{\"code\":\"gatepost_app_password_wrong\"}"), "gatepost_app_password_wrong"),
        ("a redirect", .status(301, headers: ["Location": "https://www.example.com/"]), "redirect"),
        ("an answer that never comes", StandIn.Answer(hangsUp: true), "reset"),
    ])
    func namesTheCauseInTheDeadLetters(_ what: String, _ answer: StandIn.Answer, _ cause: String) async throws {
        let wordpress = try StandIn { _, _ in answer }
        let sandbox = try await Sandbox(wordpress: wordpress.url, yaml: "worker:\n  tries: 1\n")
        let ingest = try await sandbox.ingest()
        #expect(try await sandbox.post(Events.stripeInvoice(), as: "stripe").status == 202)
        try await sandbox.worker()
        #expect(try sandbox.rows("SELECT cause FROM job_execution").first?["cause"] == cause, "\(what)")
        #expect(try sandbox.rows("SELECT status FROM webhook_event").first?["status"] == "failed", "\(what)")
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func aNameThatNobodyKnowsIsTriedAgain() async throws {
        let sandbox = try await Sandbox(wordpress: "https://wordpress.invalid", yaml: "worker:\n  retry-base: 3600s\n")
        let ingest = try await sandbox.ingest()
        #expect(try await sandbox.post(Events.stripeInvoice(), as: "stripe").status == 202)
        try await sandbox.worker()
        let job = try #require(try sandbox.rows("SELECT cause, status, attempts FROM job_execution").first)
        let found = "\(job["cause"] as String) \(job["status"] as String) \(job["attempts"] as Int)"
        // A resolver that does not answer is not told from a site that does not.
        #expect(["dns waiting 1", "timeout waiting 1"].contains(found))
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func waitsAsLongAsWordPressAsksAndCountsNoTry() async throws {
        let wordpress = try StandIn { call, number in number < 2 ? .status(503, headers: ["Retry-After": "1"]) : .applied(call) }
        let sandbox = try await Sandbox(wordpress: wordpress.url, yaml: "worker:\n  tries: 1\n")
        let ingest = try await sandbox.ingest()
        #expect(try await sandbox.post(Events.stripeCustomer(), as: "stripe").status == 202)
        try await drain(sandbox)
        #expect(wordpress.calls.count == 3)
        #expect(try sandbox.rows("SELECT attempts FROM webhook_event").first?["attempts"] == 1)
        try await ingest.stop()
        try await sandbox.remove()
    }

    /// What is wrong here is no event's fault: it waits until somebody sets a password.
    @Test func keepsEventsOfATenantWithoutCredentialsWaiting() async throws {
        let wordpress = try StandIn()
        let sandbox = try await Sandbox(wordpress: wordpress.url, extra: ["HMAC_SHARED_SECRET": ""])
        let ingest = try await sandbox.ingest()
        #expect(try await sandbox.post(Events.stripeInvoice(), as: "stripe").status == 202)
        let run = try await sandbox.worker()
        #expect(run.succeeded && run.errors.contains("no credential"))
        #expect(wordpress.calls.isEmpty)
        #expect(try sandbox.count("webhook_event WHERE status = 'queued'") == 1)
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func findsTheOneItemThatAFirewallForbids() async throws {
        let wordpress = try StandIn { call, _ in
            call.items.contains { $0.email == "drop-table@example.com" } ? .status(403, body: "blocked") : .applied(call)
        }
        let sandbox = try await Sandbox(wordpress: wordpress.url)
        let ingest = try await sandbox.ingest()
        for number in 0..<8 {
            let email = number == 5 ? "drop-table@example.com" : "ok\(number)@example.com"
            #expect(try await sandbox.post(Events.stripeCustomer(customer: "cus_\(number)", email: email), as: "stripe").status == 202)
        }
        try await sandbox.worker()
        #expect(try sandbox.count("webhook_event WHERE status = 'processed'") == 7)
        #expect(try sandbox.count("job_execution WHERE status = 'dead' AND cause = 'forbidden'") == 1)
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func twoWorkersShareTheWorkAndDoNothingTwice() async throws {
        let wordpress = try StandIn()
        let sandbox = try await Sandbox(wordpress: wordpress.url, yaml: "worker:\n  batch-size: 5\n")
        let ingest = try await sandbox.ingest()
        for number in 0..<120 {
            #expect(try await sandbox.post(Events.stripeCustomer(customer: "cus_\(number)"), as: "stripe").status == 202)
        }
        async let one = sandbox.worker()
        async let two = sandbox.worker()
        let (first, second) = try await (one, two)
        #expect(first.succeeded && second.succeeded)
        let keys = wordpress.calls.flatMap { $0.items.map(\.key) }
        #expect(keys.count == 120)
        #expect(Set(keys).count == 120)
        #expect(try sandbox.count("webhook_event WHERE status = 'processed'") == 120)
        try await ingest.stop()
        try await sandbox.remove()
    }

    /// One site does not answer at all. While its requests wait, another tenant's events come, are pushed and settled.
    @Test func aSiteThatHangsHoldsUpNobodyElse() async throws {
        let release = DispatchSemaphore(value: 0)
        let hanging = try StandIn { call, _ in
            release.wait()
            release.signal()
            return .applied(call)
        }
        let healthy = try StandIn()
        let sandbox = try await Sandbox(extra: ["WORDPRESS_BASE_URL__ACME": hanging.url, "WORDPRESS_BASE_URL__GLOBEX": healthy.url])
        let ingest = try await sandbox.ingest()
        for _ in 0..<3 { #expect(try await sandbox.post(Events.stripeInvoice(), as: "stripe", tenant: "acme").status == 202) }
        async let run = sandbox.worker()
        try await eventually("the one hangs") { !hanging.calls.isEmpty }
        for number in 1...2 {
            #expect(try await sandbox.post(Events.stripeInvoice(), as: "stripe", tenant: "globex").status == 202)
            try await eventually("the other's is done meanwhile") {
                try sandbox.count("webhook_event WHERE tenant = 'globex' AND status = 'processed'") == number
            }
        }
        #expect(try sandbox.count("webhook_event WHERE tenant = 'acme' AND status = 'queued'") == 3)
        release.signal()
        #expect(try await run.succeeded)
        #expect(try sandbox.count("webhook_event WHERE tenant = 'acme' AND status = 'processed'") == 3)
        try await ingest.stop()
        try await sandbox.remove()
    }

    /// Two tenants on one host share its connections.
    @Test(arguments: [(1, 1), (2, 2), (3, 3)])
    func neverMoreRequestsAtOnceThanOneHostMayGet(_ connections: Int, _ most: Int) async throws {
        let active = Mutex((now: 0, most: 0))
        let wordpress = try StandIn { call, _ in
            active.withLock { ($0.now, $0.most) = ($0.now + 1, max($0.most, $0.now + 1)) }
            // The first wait for as many as may come, and a little longer: for one too many to be seen.
            for _ in 0..<500 where active.withLock({ $0.most < most }) { usleep(10_000) }
            usleep(30_000)
            active.withLock { $0.now -= 1 }
            return .applied(call)
        }
        let sandbox = try await Sandbox(wordpress: wordpress.url, yaml: "worker:\n  batch-size: 1\n  connections: \(connections)\n")
        let ingest = try await sandbox.ingest()
        for tenant in ["acme", "globex"] {
            for _ in 0..<5 {
                let body = Events.stripeInvoice(customer: Events.id("cus_"))
                #expect(try await sandbox.post(body, as: "stripe", tenant: tenant).status == 202)
            }
        }
        #expect(try await sandbox.worker().succeeded)
        #expect(active.withLock { $0.most } == most)
        #expect(try sandbox.count("webhook_event WHERE status = 'processed'") == 10)
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func holdsOneTenantsDeadSiteAgainstNobodyElse() async throws {
        let healthy = try StandIn()
        let sandbox = try await Sandbox(
            extra: ["WORDPRESS_BASE_URL__ACME": "http://127.0.0.1:1", "WORDPRESS_BASE_URL__GLOBEX": healthy.url])
        let ingest = try await sandbox.ingest()
        for _ in 0..<3 {
            #expect(try await sandbox.post(Events.stripeInvoice(), as: "stripe", tenant: "acme").status == 202)
            #expect(try await sandbox.post(Events.stripeInvoice(), as: "stripe", tenant: "globex").status == 202)
        }
        try await sandbox.worker()
        #expect(try sandbox.count("webhook_event WHERE tenant = 'globex' AND status = 'processed'") == 3)
        #expect(try sandbox.count("webhook_event WHERE tenant = 'acme' AND status = 'queued'") == 3)
        #expect(try sandbox.rows("SELECT cause FROM job_execution WHERE tenant = 'acme' AND attempts > 0").first?["cause"] == "connect")
        try await ingest.stop()
        try await sandbox.remove()
    }

    /// Runs the worker as its timer would until nothing is queued.
    private func drain(_ sandbox: Sandbox) async throws {
        try await eventually("everything is settled", within: 60) {
            #expect(try await sandbox.worker().succeeded)
            return try sandbox.count("webhook_event WHERE status = 'queued'") == 0
        }
    }
}
