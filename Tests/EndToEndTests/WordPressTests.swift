import Common
import Foundation
import Subprocess
import Testing
import Transport

/// The whole path with nothing stood in for: nginx, ingest, worker, and a real WordPress with PHP, MariaDB and the plugin.
@Suite(.serialized) struct WordPressTests {
    @Test func aCustomerBecomesAUserOnce() async throws {
        let (site, sandbox, ingest) = try await begin()
        let customer = Events.id("cus_")
        let email = "\(customer)@example.com"
        let body = Events.stripeCustomer(type: "customer.created", customer: customer, email: email, name: "Jürgen Müller")
        #expect(try await sandbox.post(body, as: "stripe").status == 202)
        #expect(try await sandbox.worker().succeeded)
        let user = try await site.user(email)
        #expect(user.hasSuffix(" Jürgen Müller"))

        #expect(try await sandbox.post(body, as: "stripe").status == 200)
        try await sandbox.worker()
        #expect(try await site.user(email) == user)
        let change = Events.stripeCustomer(customer: customer, email: email, name: "Renamed")
        #expect(try await sandbox.post(change, as: "stripe").status == 202)
        try await sandbox.worker()
        #expect(try await site.user(email) == user.replacingOccurrences(of: "Jürgen Müller", with: "Renamed"))
        // Older news that comes late changes nothing.
        let old = Events.stripeCustomer(customer: customer, email: email, name: "Old", created: Int(Date().timeIntervalSince1970) - 3600)
        #expect(try await sandbox.post(old, as: "stripe").status == 202)
        try await sandbox.worker()
        #expect(try await site.user(email).hasSuffix(" Renamed"))
        #expect(try sandbox.count("webhook_event WHERE status = 'processed'") == 3)
        try await end(sandbox, ingest)
    }

    @Test func anOrderEventIsWorkedOnByWordPress() async throws {
        let (site, sandbox, ingest) = try await begin()
        let customer = Events.id("cus_")
        for amount in 1...3 {
            #expect(try await sandbox.post(Events.stripeInvoice(customer: customer, amount: amount), as: "stripe").status == 202)
        }
        #expect(try await sandbox.worker().succeeded)
        #expect(try sandbox.rows("SELECT http_status FROM job_execution").map { $0["http_status"] as Int } == [202, 202, 202])
        try await eventually("WP-Cron has worked on the three") { try await site.orders(of: customer) == "3 3" }
        try await end(sandbox, ingest)
    }

    @Test func hubSpotsPropertiesFoldIntoOneUser() async throws {
        let (site, sandbox, ingest) = try await begin()
        let contact = Int.random(in: 1_000_000...9_999_999)
        let email = "contact\(contact)@example.com"
        let body = Events.hubspot([
            (1, "contact.creation", contact, "", ""), (2, "contact.propertyChange", contact, "email", email),
            (3, "contact.propertyChange", contact, "firstname", "Jo"),
        ])
        #expect(try await sandbox.post(body, as: "hubspot").status == 202)
        #expect(try await sandbox.worker().succeeded)
        #expect(try await !site.user(email).isEmpty)
        #expect(try sandbox.count("webhook_event WHERE status = 'processed'") == 3)
        try await end(sandbox, ingest)
    }

    /// What a folded push brings of an older event does not stand in the way of what happened in between.
    @Test func aFoldedOlderValueIsAsOldAsItsEvent() async throws {
        let (site, sandbox, ingest) = try await begin()
        let customer = Events.id("cus_")
        let now = Int(Date().timeIntervalSince1970)
        func change(_ seconds: Int, _ members: String) async throws {
            let body = """
                {"id":"\(Events.id())","object":"event","created":\(now + seconds),"type":"customer.updated",\
                "data":{"object":{"id":"\(customer)","object":"customer","email":"\(customer)@example.com",\(members)}}}
                """
            #expect(try await sandbox.post(body, as: "stripe").status == 202)
        }
        try await change(-30, #""name":"Old","plan":"silver""#)
        try await change(-10, #""company":"Acme""#)
        #expect(try await sandbox.worker().succeeded)
        let fields =
            "$u = get_user_by('email', $argument); echo $u->display_name, ' ', get_user_meta($u->ID, 'gatepost_plan', true), ' ', "
            + "get_user_meta($u->ID, 'gatepost_company', true);"
        #expect(try await site.php(fields, "\(customer)@example.com") == "Old silver Acme")
        try await change(-20, #""name":"Between","plan":"gold","company":"Older""#)
        #expect(try await sandbox.worker().succeeded)
        #expect(try await site.php(fields, "\(customer)@example.com") == "Between gold Acme")
        #expect(try sandbox.count("webhook_event WHERE status = 'processed'") == 3)
        try await end(sandbox, ingest)
    }

    @Test func gitHubsSponsorshipBecomesAnOrderEvent() async throws {
        let (site, sandbox, ingest) = try await begin()
        let node = Events.id("S_")
        let body = """
            {"action":"created","sender":{"id":5,"login":"jo"},"sponsorship":{"node_id":"\(node)","sponsor":{"id":5,"login":"jo"}}}
            """
        let headers = [(name: "X-GitHub-Delivery", value: Events.id("")), ("X-GitHub-Event", "sponsorship")]
        #expect(try await sandbox.post(body, as: "github", headers: headers).status == 202)
        #expect(try await sandbox.worker().succeeded)
        try await eventually("WP-Cron has worked on it") { try await site.orders(of: node) == "1 1" }
        try await end(sandbox, ingest)
    }

    /// Killed after WordPress answered and before that was written down: WordPress hears the same again and does nothing twice.
    @Test func aKillBetweenPushAndSettleDoublesNothing() async throws {
        let (site, sandbox, ingest) = try await begin()
        let customer = Events.id("cus_")
        for amount in 1...2 {
            #expect(try await sandbox.post(Events.stripeInvoice(customer: customer, amount: amount), as: "stripe").status == 202)
        }
        #expect(try await sandbox.worker(["GATEPOST_FAIL_AT": "after-push"]).status == .signaled(SIGKILL))
        #expect(try await site.orders(of: customer).hasPrefix("1 "))
        try sandbox.endLeases()
        try await eventually("all is settled") {
            try await sandbox.worker()
            return try sandbox.count("webhook_event WHERE status = 'processed'") == 2
        }
        try await eventually("WP-Cron has worked on both") { try await site.orders(of: customer) == "2 2" }
        try await end(sandbox, ingest)
    }

    @Test(arguments: [
        ("a wrong application password", ["WORDPRESS_APP_PASSWORD": "aaaa bbbb cccc dddd"], "gatepost_app_password_wrong"),
        ("a wrong shared secret", ["HMAC_SHARED_SECRET": "wrong"], "gatepost_signature_wrong"),
    ])
    func refusesWrongCredentials(_ what: String, _ wrong: [String: String], _ cause: String) async throws {
        let (_, sandbox, ingest) = try await begin()
        #expect(try await sandbox.post(Events.stripeInvoice(), as: "stripe").status == 202)
        try await sandbox.worker(wrong)
        #expect(try sandbox.rows("SELECT cause FROM job_execution").first?["cause"] == cause, "\(what)")
        try await end(sandbox, ingest)
    }

    @Test(arguments: ["application-password", "hmac", "jwt"])
    func isConvincedInEachWay(_ auth: String) async throws {
        let (_, sandbox, ingest) = try await begin(yaml: "tenants:\n  acme:\n    auth: \(auth)\n")
        let check = try await sandbox.gatepost("check", "--connect", "--json")
        #expect(check.output.contains("\"troubles\": []"), "\(auth): \(check.output)")
        #expect(try await sandbox.post(Events.stripeInvoice(), as: "stripe").status == 202)
        try await sandbox.worker()
        #expect(try sandbox.count("webhook_event WHERE status = 'processed'") == 1, "\(auth)")
        try await end(sandbox, ingest)
    }

    /// The shared secret is changed there first: the second one that we were given signs, at no event's cost.
    @Test func turnsToTheNextSharedSecret() async throws {
        let (site, sandbox, ingest) = try await begin()
        #expect(try await sandbox.post(Events.stripeInvoice(), as: "stripe").status == 202)
        let right = try #require(site.credentials["HMAC_SHARED_SECRET"])
        try await sandbox.worker(["HMAC_SHARED_SECRET": "of-last-year", "HMAC_SHARED_SECRET_NEXT": right])
        #expect(
            try sandbox.rows("SELECT status, attempts FROM webhook_event").map { "\($0["status"] as String) \($0["attempts"] as Int)" } == [
                "processed 1"
            ])
        try await end(sandbox, ingest)
    }

    @Test(arguments: [
        (["WORDPRESS_APP_PASSWORD": "aaaa bbbb"], "gatepost_app_password_wrong"),
        (["HMAC_SHARED_SECRET": "wrong"], "gatepost_signature_wrong"),
        (["WORDPRESS_BASE_URL": "http://127.0.0.1:1"], "connect"),
    ])
    func saysBeforehandWhatWouldFail(_ wrong: [String: String], _ cause: String) async throws {
        let (_, sandbox, ingest) = try await begin()
        let check = try await sandbox.gatepost("check", "--connect", extra: wrong)
        #expect(check.status == .exited(1) && check.output.contains(cause), "\(check.output)")
        try await end(sandbox, ingest)
    }

    private func begin(yaml: String? = nil) async throws -> (WordPressSite, Sandbox, Daemon) {
        let site = try await WordPressSite.up()
        let sandbox = try await Sandbox(wordpress: site.url, extra: site.credentials, yaml: yaml)
        return (site, sandbox, try await sandbox.ingest())
    }

    private func end(_ sandbox: Sandbox, _ ingest: Daemon) async throws {
        try await ingest.stop()
        try await sandbox.remove()
    }
}
