import Common
import Foundation
import Testing

@Suite struct PrivacyTests {
    private static let rules = """
        sources:
          stripe:
            privacy:
              drop: [$..phone]
              raw-days: 7
        retention:
          processed: 30d
        """

    @Test func leavesOutWhatTheSettingsSay() async throws {
        let wordpress = try StandIn()
        let sandbox = try await Sandbox(wordpress: wordpress.url, extra: ["GATEPOST_DATA_KEY": DataKey.generate().text], yaml: Self.rules)
        let ingest = try await sandbox.ingest()
        let body = Events.stripeCustomer(email: "anna@example.com").replacingOccurrences(
            of: #""email":"#, with: #""phone":"0123-secret","email":"#)
        #expect(body.contains("0123-secret"))
        let answer = try await sandbox.post(body, as: "stripe")
        let id = try #require(answer["event_id"])
        try await sandbox.worker()
        let payload = try #require(wordpress.calls.last?.items.first?.payload)
        #expect(payload.contains("anna@example.com") && !payload.contains("0123-secret"))
        #expect(try await !sandbox.gatepost("events", "show", id, "--raw").output.contains("0123-secret"))
        #expect(try await sandbox.gatepost("events", "show", id, "--original").output == body)
        let report = try await sandbox.gatepost("privacy", "report")
        #expect(report.output.contains("drop $..phone") && report.output.contains("30 d"), "\(report.output)\(report.errors)")
        #expect(try await sandbox.gatepost("privacy", "report", "--json").output.contains("\"original_days\": 7"))
        try await ingest.stop()
        try await sandbox.remove()
    }

    /// An old event that comes late must not pass for the newest because its time was left out.
    @Test func whatIsLeftOutStillCountsForTheOrder() async throws {
        let wordpress = try StandIn()
        let sandbox = try await Sandbox(wordpress: wordpress.url, yaml: "sources: {stripe: {privacy: {drop: [$.created, $.type]}}}\n")
        let ingest = try await sandbox.ingest()
        #expect(try await sandbox.post(Events.stripeCustomer(created: 1_764_000_000), as: "stripe").status == 202)
        try await sandbox.worker()
        let payload = try #require(wordpress.calls.last?.items.first?.payload)
        #expect(payload.contains(#""event_type":"customer.updated""#), "\(payload)")
        #expect(payload.contains(#""occurred_at":"2025-11-24T16:00:00.000Z""#), "\(payload)")
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func needsAKeyForHashes() async throws {
        let yaml = "sources:\n  stripe:\n    privacy:\n      hash: [$..email]"
        let sandbox = try await Sandbox(yaml: yaml)
        let check = try await sandbox.gatepost("check")
        #expect(
            check.status == .exited(2) && check.errors.contains("line 2: sources.stripe.privacy: hash and raw-days need encryption"),
            "\(check.errors)")
        try await sandbox.remove()
    }

    /// Not encrypted: not only the rows are empty, her name is in no page of the file and in no frame of its log.
    @Test func whatIsErasedIsOverwritten() async throws {
        let wordpress = try StandIn()
        let sandbox = try await Sandbox(wordpress: wordpress.url)
        let ingest = try await sandbox.ingest()
        for number in 0..<60 {
            let person = number % 3 == 0 ? "anna" : "ben\(number % 7)"
            let body = Events.stripeCustomer(customer: "cus_\(person)", email: "\(person)@example.com", name: "\(person) of Exampleton")
            #expect(try await sandbox.post(body, as: "stripe").status == 202)
            if number % 20 == 0 { try await sandbox.worker() }
        }
        #expect(try await sandbox.post(Events.stripeCustomer(email: "anna@example.com"), as: "stripe", secret: "wrong").status == 401)
        try await eventually("everything is delivered") {
            try await sandbox.worker()
            return try sandbox.count("webhook_event WHERE status = 'queued'") == 0
        }
        #expect(try sandbox.fileHolds("anna@example.com") && sandbox.fileHolds("anna of Exampleton"))
        let erased = try await sandbox.gatepost("privacy", "erase", "--email", "anna@example.com", "--yes", "--no-wordpress")
        #expect(erased.succeeded && erased.output.contains("20 events erased"), "\(erased.output)\(erased.errors)")
        #expect(try !sandbox.fileHolds("anna@") && !sandbox.fileHolds("anna of Exampleton") && sandbox.fileHolds("ben1@example.com"))
        try await ingest.stop()
        try await sandbox.remove()
    }

    /// One person out of the store and out of the real WordPress.
    @Test func exportsAndErasesOnePersonEverywhere() async throws {
        let site = try await WordPressSite.up()
        let extra = site.credentials.merging(["GATEPOST_DATA_KEY": DataKey.generate().text]) { $1 }
        let sandbox = try await Sandbox(wordpress: site.url, extra: extra)
        let ingest = try await sandbox.ingest()
        let email = "anna-\(UUID().uuidString.prefix(8).lowercased())@example.com"
        let customer = "cus_\(UUID().uuidString.prefix(8))"
        #expect(try await sandbox.post(Events.stripeCustomer(customer: customer, email: email), as: "stripe").status == 202)
        #expect(try await sandbox.post(Events.stripeCustomer(customer: "cus_other", email: "other-\(email)"), as: "stripe").status == 202)
        let open = try await sandbox.gatepost("privacy", "erase", "--email", email, "--yes", "--no-wordpress")
        #expect(open.status == .exited(1) && open.output.contains("have to go to WordPress yet"), "\(open.output)\(open.errors)")
        try await sandbox.worker()
        #expect(try await !site.user(email).isEmpty)

        let export = try await sandbox.gatepost("privacy", "export", "--email", email.uppercased())
        #expect(export.succeeded, "\(export.errors)")
        #expect(export.output.contains(customer) && export.output.contains("gatepost-links") && !export.output.contains("cus_other"))
        #expect(try await sandbox.gatepost("privacy", "erase", "--email", email).status == .exited(2), "nobody can be asked")
        let erased = try await sandbox.gatepost("privacy", "erase", "--user", customer, "--source", "stripe", "--yes", "--reference", "T-1")
        #expect(erased.succeeded && erased.output.contains("1 events erased"), "\(erased.output)\(erased.errors)")
        let again = try await sandbox.gatepost("privacy", "export", "--email", email)
        let root = try JSONDocument(Bytes(again.output.utf8)).root
        #expect(root["events"]?.elements.isEmpty == true)
        #expect(root["wordpress"]?.elements.allSatisfy { $0["data"]?.elements.isEmpty == true } == true, "\(again.output)")
        #expect(try sandbox.count("webhook_event WHERE length(raw_body) > 0") == 1, "the other's address has hers in it, and is another")
        let audit = try await sandbox.gatepost("audit", "list", "--action", "privacy")
        #expect(audit.output.contains("T-1") && audit.output.contains("person h-") && !audit.output.contains("anna"))
        try await ingest.stop()
        try await sandbox.remove()
    }
}
