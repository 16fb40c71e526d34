import Common
import Foundation
import GRDB
import Testing

/// The built worker and command line against a Slack and a mail server on 127.0.0.1.
@Suite struct AlertTests {
    private static func isAlert(_ call: StandIn.Call) -> Bool { call.path == "/services/T/B/hush" }

    /// Takes what a worker's run finds now, as if a minute, or an hour, had passed since the last look.
    private func look(_ sandbox: Sandbox, later seconds: Int = 0) async throws -> Finished {
        let database = try DatabaseQueue(path: sandbox.databasePath)
        try await database.write { db in
            try db.execute(sql: "UPDATE alert_look SET at = 0")
            try db.execute(sql: "UPDATE alert_told SET at = at - ?", arguments: [seconds * 1000])
            try db.execute(sql: "UPDATE alert_channel SET due_at = max(0, due_at - ?)", arguments: [seconds * 1000])
        }
        let run = try await sandbox.worker()
        #expect(run.succeeded, "\(run.errors)")
        return run
    }

    private func texts(_ slack: StandIn) -> [String] {
        slack.calls.filter(Self.isAlert).compactMap { (try? JSONDocument($0.body))?.root["text"]?.string }
    }

    @Test func deadLettersAreToldOnceThenMoreThenTheRecovery() async throws {
        let slack = try StandIn { _, _ in .status(200, body: "ok") }
        let wordpress = try StandIn { _, _ in .status(404, body: "{\"code\":\"rest_no_route\"}") }
        let sandbox = try await Sandbox(
            wordpress: wordpress.url, extra: ["GATEPOST_ALERT_SLACK_URL": slack.url + "/services/T/B/hush"])
        let ingest = try await sandbox.ingest()
        for _ in 0..<2 { #expect(try await sandbox.post(Events.stripeInvoice(), as: "stripe").status == 202) }
        var run = try await look(sandbox)
        try #require(texts(slack).count == 1)
        #expect(texts(slack)[0].contains("*2 dead letters of tenant acme: rest_no_route*"))
        #expect(texts(slack)[0].contains("fix: activate the plugin there") && texts(slack)[0].contains("`gatepost dlq list --tenant acme"))
        #expect(!texts(slack)[0].contains("jo@example.com"))
        #expect(run.errors.contains("\"outcome\":\"alert\"") && !run.errors.contains("hush"))

        #expect(try await sandbox.post(Events.stripeInvoice(), as: "stripe").status == 202)
        run = try await look(sandbox, later: 60)
        #expect(texts(slack).count == 1, "not twice in an hour")
        run = try await look(sandbox, later: 3600)
        #expect(
            texts(slack).count == 2 && texts(slack)[1].contains("*still: 3 dead letters")
                && texts(slack)[1].contains("2 at the last notice"))

        let list = try await sandbox.gatepost("alerts", "--json")
        let open = try #require(try JSONDocument(Bytes(list.output.utf8)).root["alerts"]?.elements.first)
        #expect(open["state"]?.string == "open" && open["count"]?.integer == 3 && open["notified_at"]?.string != nil)

        #expect(try await sandbox.gatepost("dlq", "discard", "--all", "--yes").succeeded)
        run = try await look(sandbox)
        #expect(texts(slack).count == 3 && texts(slack)[2].contains("*over: 3 dead letters of tenant acme: rest_no_route*"))
        run = try await look(sandbox, later: 90_000)
        #expect(texts(slack).count == 3, "nothing is wrong, nothing is said")
        try await ingest.stop()
        try await sandbox.remove()
    }

    /// All that is wrong by itself, without a dead letter: told once in one notice with what to do, and over once it is mended.
    @Test func everythingElseThatIsWrongIsToldAndIsOver() async throws {
        let hook = try StandIn { _, _ in .status(204) }
        let wordpress = try StandIn { _, _ in .status(500) }
        let free = try #require(try FileManager.default.attributesOfFileSystem(forPath: "/tmp")[.systemFreeSize] as? Int)
        let yaml = """
            alerts: {webhook: \(hook.url)/hook}
            ingest: {free-space-floor: \(free / 5 * 3)}
            worker: {circuit-threshold: 1}
            sources: {stripe: {longest-quiet: 1h}}
            """
        let sandbox = try await Sandbox(wordpress: wordpress.url, yaml: yaml)
        let faults = try await Faults(for: sandbox)
        let ingest = try await sandbox.ingest()
        #expect(try await sandbox.post(Events.stripeInvoice(), as: "stripe").status == 202)
        try faults.putClock(by: 85 * 86_400)
        #expect(try await sandbox.worker(faults.environment).succeeded)
        let told = try #require(try hook.calls.first.map { try JSONDocument($0.body).root["alerts"]?.elements ?? [] })
        let kinds = ["circuit-open acme", "low-disk", "old-queue acme", "old-secret", "quiet-source stripe/acme"]
        for kind in kinds {
            let one = told.first { alert in
                let (name, subject) = (alert["kind"]?.string ?? "", alert["subject"]?.string ?? "")
                return "\(name) \(subject)".hasPrefix(kind)
            }
            #expect(one?["reason"]?.string == "opened", "\(kind)")
            for member in ["what", "fix", "next"] { #expect(one?[member]?.string?.isEmpty == false, "\(kind): \(member)") }
        }
        #expect(hook.calls.count == 1)

        // WordPress answers again, the provider sends, room is made; the secrets are as old as before.
        wordpress.answers { call, _ in .applied(call) }
        try Data(yaml.replacing("\(free / 5 * 3)", with: "0").utf8).write(to: sandbox.folder.appending(path: "gatepost.yaml"))
        try sandbox.change("UPDATE alert_look SET at = 0; UPDATE circuit SET retry_at = 0; UPDATE lane SET due_at = 0")
        try await ingest.stop()
        let later = try await sandbox.ingest(faults.environment)
        let now = WallClock.system.now() + .seconds(85 * 86_400)
        #expect(try await sandbox.post(Events.stripeInvoice(), as: "stripe", at: now).status == 202)
        #expect(try await sandbox.worker(faults.environment).succeeded)
        let over = try #require(try hook.calls.last.map { try JSONDocument($0.body).root["alerts"]?.elements ?? [] })
        let recovered = Set(over.filter { $0["reason"]?.string == "recovered" }.compactMap { $0["kind"]?.string })
        #expect(recovered == ["circuit-open", "low-disk", "old-queue", "quiet-source"])
        try await later.stop()
        try await sandbox.remove()
    }

    @Test func aSlackThatIsDownIsToldLaterAndHoldsNobody() async throws {
        let slack = try StandIn { _, number in number == 0 ? .status(500) : .status(200, body: "ok") }
        let wordpress = try StandIn { _, number in number == 0 ? .status(404, body: "{\"code\":\"rest_no_route\"}") : .status(500) }
        let sandbox = try await Sandbox(
            wordpress: wordpress.url, extra: ["GATEPOST_ALERT_SLACK_URL": slack.url + "/services/T/B/hush"])
        let ingest = try await sandbox.ingest()
        #expect(try await sandbox.post(Events.stripeInvoice(), as: "stripe").status == 202)
        var run = try await look(sandbox)
        #expect(run.errors.contains("a notice did not arrive: answered 500"))
        #expect(try sandbox.rows("SELECT tries, error FROM alert_channel").map { $0["tries"] as Int } == [1])
        run = try await look(sandbox)
        #expect(slack.calls.count == 1, "a minute must pass")
        run = try await look(sandbox, later: 60)
        #expect(slack.calls.count == 2 && texts(slack)[1].contains("*1 dead letter of tenant acme"))
        #expect(try sandbox.rows("SELECT error FROM alert_channel WHERE tries = 0").first?["error"] as String? == nil)
        run = try await look(sandbox, later: 60)
        #expect(slack.calls.count == 2)
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func mailAndWebhookHearTheSame() async throws {
        let (mail, hook) = (try MailHost(), try StandIn { _, _ in .status(204) })
        let yaml = """
            alerts:
              webhook: \(hook.url)/hook
              smtp: {url: "smtp://127.0.0.1:\(mail.port)", user: gatepost, from: gatepost@example.com, to: [ops@example.com, on-call@example.com]}
            """
        let wordpress = try StandIn { _, _ in .status(404, body: "{\"code\":\"rest_no_route\"}") }
        let sandbox = try await Sandbox(wordpress: wordpress.url, extra: ["GATEPOST_ALERT_SMTP_PASSWORD": "hush"], yaml: yaml)
        let ingest = try await sandbox.ingest()
        #expect(try await sandbox.post(Events.stripeInvoice(), as: "stripe").status == 202)
        _ = try await look(sandbox)
        #expect(mail.mails.count == 1)
        #expect(
            mail.mails[0].contains("\nSubject: Gatepost on ") && mail.mails[0].contains("1 dead letter of tenant acme: rest_no_route\n"))
        #expect(
            mail.lines.contains("MAIL FROM:<gatepost@example.com>")
                || mail.lines.contains { $0.hasPrefix("MAIL FROM:<gatepost@example.com> ") })
        #expect(mail.lines.contains("RCPT TO:<ops@example.com>") && mail.lines.contains("RCPT TO:<on-call@example.com>"))
        #expect(mail.lines.contains { $0.hasPrefix("AUTH PLAIN") })
        let body = try JSONDocument(try #require(hook.calls.first).body).root
        #expect(body["alerts"]?.elements.first?["subject"]?.string == "acme/rest_no_route")
        try await ingest.stop()
        try await sandbox.remove()
        mail.close()
    }

    @Test func tryingSaysWhatHappened() async throws {
        let (mail, slack) = (try MailHost(), try StandIn { _, _ in .status(404, body: "no_service") })
        let yaml = "alerts:\n  smtp: {url: \"smtp://127.0.0.1:\(mail.port)\", from: a@example.com, to: b@example.com}\n"
        let sandbox = try await Sandbox(extra: ["GATEPOST_ALERT_SLACK_URL": slack.url + "/services/T/B/hush"], yaml: yaml)
        let both = try await sandbox.gatepost("alert", "test")
        #expect(
            both.status == .exited(1) && both.output.contains("answered 404 no_service") && !(both.output + both.errors).contains("hush"))
        #expect(mail.mails.count == 1 && mail.mails[0].contains("Nothing is wrong."))
        #expect(try await sandbox.gatepost("alert", "test", "--channel", "email").succeeded)
        mail.answersData("554 no")
        let refused = try await sandbox.gatepost("alert", "test", "--channel", "email", "--json")
        #expect(refused.status == .exited(1) && refused.output.contains("554"))
        #expect(try await sandbox.gatepost("alert", "test", "--channel", "webhook").status == .exited(2))
        try await sandbox.remove()
        mail.close()
    }

    /// A server without TLS gets neither the password nor the text.
    @Test func nothingIsSaidInTheOpenWhereTLSIsAsked() async throws {
        let mail = try MailHost()
        let yaml = "alerts:\n  smtp: {url: \"smtps://127.0.0.1:\(mail.port)\", user: me, from: a@example.com, to: b@example.com}\n"
        let sandbox = try await Sandbox(extra: ["GATEPOST_ALERT_SMTP_PASSWORD": "hush"], yaml: yaml)
        #expect(try await sandbox.gatepost("alert", "test").status == .exited(1))
        #expect(mail.mails.isEmpty && !mail.lines.contains { $0.hasPrefix("AUTH") })
        try await sandbox.remove()
        mail.close()
    }
}
