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
