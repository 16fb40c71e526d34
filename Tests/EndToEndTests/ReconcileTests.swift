import Common
import Foundation
import GRDB
import Testing

/// The comparison with a provider's own list, its alert, and the way through a file, with the built programs.
@Suite struct ReconcileTests {
    private func alerts(_ sandbox: Sandbox) async throws -> [String: String] {
        try sandbox.change("UPDATE alert_look SET at = 0")
        try await sandbox.worker()
        let list = try await sandbox.gatepost("alerts", "--json")
        let alerts = try JSONDocument(Bytes(list.output.utf8)).root["alerts"]?.elements ?? []
        return alerts.reduce(into: [:]) { $0["\($1["kind"]?.string ?? "") \($1["subject"]?.string ?? "")"] = $1["state"]?.string }
    }

    @Test func theGapIsFilledToldAndOver() async throws {
        let now = Int(Date().timeIntervalSince1970)
        let events = (0..<30).map {
            BackfillStripeTests.Event(id: "evt_n\($0)", created: now - 20 * 3600 + $0 * 60, type: "invoice.paid")
        }
        let young = BackfillStripeTests.Event(id: "evt_young", created: now - 60, type: "invoice.paid")
        let api = try BackfillStripeTests.api(events + [young])
        let sandbox = try await BackfillStripeTests.sandbox(api)
        let ingest = try await sandbox.ingest()
        for event in events.prefix(25) { #expect(try await sandbox.post(event.text, as: "stripe").status == 202) }

        let dry = try await sandbox.gatepost("reconcile", "--dry-run", "--json")
        #expect(dry.status == .exited(1) && dry.output.contains(#""missing": 5"#), "\(dry.output)\(dry.errors)")
        #expect(try sandbox.count("reconciliation") == 0)
        let run = try await sandbox.gatepost("reconcile", "--json")
        #expect(run.succeeded && run.errors.contains(#""outcome":"missing""#), "\(run.errors)")
        #expect(run.errors.contains("5 events never came and were fetched"))
        #expect(try sandbox.count("webhook_event") == 30, "the youngest may be on its way")
        #expect(try await alerts(sandbox)["missing-events stripe/acme"] == "open")

        let again = try await sandbox.gatepost("reconcile", "--json")
        #expect(again.succeeded && again.errors.isEmpty)
        let report = try await sandbox.gatepost("reconcile", "--report")
        #expect(report.output.contains("stripe") && report.output.contains("LAST MISSING"))
        #expect(try await alerts(sandbox)["missing-events stripe/acme"] == "resolved")

        api.fails(.init(status: 403))
        let through = try sandbox.rows("SELECT through_at FROM reconciliation").first?["through_at"] as Int64?
        let failed = try await sandbox.gatepost("reconcile")
        #expect(
            failed.status == .exited(1) && failed.errors.contains(#""outcome":"not_compared""#) && !failed.errors.contains("secret words"))
        #expect(try sandbox.rows("SELECT through_at FROM reconciliation").first?["through_at"] as Int64? == through)
        #expect(try await alerts(sandbox)["not-compared stripe/acme"] == "open")
        api.fails(.init())
        #expect(try await sandbox.gatepost("reconcile").succeeded)
        #expect(try await alerts(sandbox)["not-compared stripe/acme"] == "resolved")
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func fromOneGatewayToAnotherByAFile() async throws {
        let one = try await Sandbox()
        let ingest = try await one.ingest()
        let bodies = (0..<3).map { Events.stripeInvoice(id: "evt_f\($0)", amount: $0) }
        for body in bodies { #expect(try await one.post(body, as: "stripe").status == 202) }
        let contact = Events.hubspot([(1, "contact.creation", 501, "", ""), (2, "contact.propertyChange", 501, "email", "jo@example.com")])
        #expect(try await one.post(contact, as: "hubspot").status == 202)
        #expect(
            try await one.post(
                #"{"action":"created"}"#, as: "github", headers: [("X-GitHub-Delivery", "g-1"), ("X-GitHub-Event", "sponsorship")]
            ).status == 202)
        let export = try await one.gatepost("events", "export", "--tenant", "acme")
        #expect(export.succeeded && export.output.split(separator: "\n").count == 6, "\(export.errors)")
        let some = try await one.gatepost("events", "export", "--source", "stripe", "--type", "customer.*")
        #expect(some.succeeded && some.output.isEmpty)

        let two = try await Sandbox()
        let file = two.folder.appending(path: "events.jsonl").path
        let own = #"{"source":"stripe","body":{"id":"evt_own","type":"invoice.paid","created":1764000000}}"#
        let bad = [
            "no json", #"{"source":"nobody","body":{}}"#, #"{"source":"stripe","body_base64":"%"}"#,
            #"{"source":"stripe","tenant":"club","body":{}}"#,
        ]
        try Data((export.output + own + "\n" + bad.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: file))
        let other = try await two.ingest()
        #expect(try await two.post(bodies[0], as: "stripe").status == 202)
        let dry = try await two.gatepost("backfill", file, "--tenant", "acme", "--dry-run", "--json")
        #expect(try BackfillStripeTests.counts(dry)["taken"] == 6 && two.count("webhook_event") == 1)
        let run = try await two.gatepost("backfill", file, "--tenant", "acme", "--json")
        #expect(run.status == .exited(1) && run.errors.contains("line 8: is no JSON object") && run.errors.contains("line 9: "))
        let counts = try BackfillStripeTests.counts(run)
        #expect(counts["taken"] == 6 && counts["duplicates"] == 1 && counts["unreadable"] == 3 && counts["others"] == 1, "\(counts)")
        let keys = { (sandbox: Sandbox) in
            try sandbox.rows("SELECT idempotency_key AS k FROM webhook_event ORDER BY 1").map { $0["k"] as String }
        }
        #expect(try keys(two).filter { !$0.hasSuffix("evt_own") } == keys(one))
        // What arrives there late is known; what is taken twice is not.
        #expect(try await two.post(bodies[1], as: "stripe").status == 200)
        #expect(try await two.post(contact, as: "hubspot").status == 200)
        let again = try await two.gatepost("backfill", file, "--tenant", "acme", "--source", "hubspot", "--json")
        #expect(try BackfillStripeTests.counts(again)["taken"] == 0)
        try await ingest.stop()
        try await other.stop()
        try await one.remove()
        try await two.remove()
    }

    @Test func eachSourceAndTenantIsQuietByItself() async throws {
        let sandbox = try await Sandbox(
            yaml: "sources: {stripe: {longest-quiet: 1h}}\ntenants: {globex: {longest-quiet: {stripe: \"off\"}}}\n")
        let ingest = try await sandbox.ingest()
        #expect(try await sandbox.post(Events.stripeInvoice(), as: "stripe", tenant: "globex").status == 202)
        #expect(try await sandbox.post(Events.stripeInvoice(), as: "stripe").status == 202)
        try sandbox.change("UPDATE secret_use SET last_verified_at = last_verified_at - 7200000, known_since = known_since - 7200000")
        let open = try await alerts(sandbox)
        #expect(open["quiet-source stripe/acme"] == "open" && open["quiet-source stripe/globex"] == nil, "\(open)")
        #expect(try await sandbox.post(Events.stripeInvoice(), as: "stripe", tenant: "globex").status == 202)
        #expect(try await alerts(sandbox)["quiet-source stripe/acme"] == "open", "another tenant's events say nothing of it")
        try await ingest.stop()
        let again = try await sandbox.ingest()
        #expect(try await sandbox.post(Events.stripeInvoice(), as: "stripe").status == 202)
        #expect(try await alerts(sandbox)["quiet-source stripe/acme"] == "resolved")
        try await again.stop()
        try await sandbox.remove()
    }

    @Test func proposalsComeFromWhatArrived() async throws {
        let sandbox = try await Sandbox()
        let store = try Store(path: sandbox.databasePath)
        let now = WallClock.system.now().milliseconds
        // One an hour for ten days, and a silence of five hours.
        for hour in stride(from: 240, to: 0, by: -1) where !(100..<104).contains(hour) {
            let at = Timestamp(milliseconds: now - Int64(hour) * 3_600_000)
            let body = try JSONDocument(Bytes(#"{"id":"evt_\#(hour)","type":"product.created"}"#.utf8))
            let reading = try #require(Catalogue.provider(for: SourceName("stripe")!)).read(body.root, headers: HeaderFields())
            let event = NewEvent(
                source: SourceName("stripe")!, tenant: TenantName("acme")!, reading: reading, receivedAt: at, sourceIP: nil, userAgent: nil,
                createdBy: "ingest", requestID: "r", traceparent: nil, headers: Bytes("{}".utf8), rawBody: Bytes("{}".utf8), nonce: nil)
            _ = try EventWriter(store: store).commit([[event]], now: at)
        }
        let run = try await sandbox.gatepost("sources", "suggest", "--by-hour")
        #expect(run.succeeded && run.output.contains("longest-quiet: {stripe: 8h}"), "\(run.output)\(run.errors)")
        #expect(run.output.contains("236"), "how many it rests on")
        let few = try await sandbox.gatepost("sources", "suggest", "--weeks", "1")
        #expect(few.output.contains("too little is known"), "\(few.output)")
        try await sandbox.remove()
    }
}
