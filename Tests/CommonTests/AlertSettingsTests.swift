import Testing

@testable import Common

@Suite struct AlertSettingsTests {
    @Test func readsAll() throws {
        let yaml = """
            alerts:
              dead-letters: 5
              oldest-queued: 20min
              secret-age: 30d
              debounce: 2h
              webhook: https://example.com/hook/
              smtp: {url: "smtps://mail.example.com:465", user: me, from: gatepost@example.com, to: [a@example.com, b@example.com]}
            sources:
              stripe:
                longest-quiet: 6h
            """
        let process = ["GATEPOST_ALERT_SLACK_URL": "https://hooks.slack.com/services/T/B/hush", "GATEPOST_ALERT_SMTP_PASSWORD": "hush"]
        let alerts = try settings(process, in: Scratch(), yaml: yaml).alerts
        #expect(alerts.deadLetters == 5 && alerts.oldestQueued == .seconds(1200) && alerts.secretAge == .seconds(30 * 86_400))
        #expect(alerts.debounce == .seconds(7200) && alerts.longestQuiet == ["stripe": .seconds(21_600)])
        #expect(alerts.webhook == "https://example.com/hook" && alerts.slack?.exposed == "https://hooks.slack.com/services/T/B/hush")
        #expect(alerts.smtp?.url == "smtps://mail.example.com:465" && alerts.smtp?.to.count == 2 && alerts.smtp?.isLoopback == false)
        #expect(alerts.smtp?.password?.exposed == "hush" && !"\(alerts)".contains("hush"))
    }

    @Test(arguments: [
        ("no such setting", "alerts:\n  slak: x\n", "alerts.slak: no such setting"),
        ("too soon", "alerts:\n  debounce: 1s\n", "alerts.debounce: expected a time"),
        ("too long", "alerts:\n  secret-age: 9999d\n", "alerts.secret-age: expected a time"),
        ("a quiet that is none", "sources:\n  stripe:\n    longest-quiet: 1s\n", "sources.stripe.longest-quiet: expected a time"),
        ("plain http", "alerts:\n  webhook: http://example.com/x\n", "alerts.webhook: expected https"),
        ("no port", "alerts:\n  smtp: {url: \"smtp://mail\", from: a@b, to: c@d}\n", "alerts.smtp.url: expected smtps"),
        ("a password in it", "alerts:\n  smtp: {url: \"smtp://u:hush@mail:25\", from: a@b, to: c@d}\n", "alerts.smtp.url: expected smtps"),
        ("another protocol", "alerts:\n  smtp: {url: \"file://mail:25\", from: a@b, to: c@d}\n", "alerts.smtp.url: expected smtps"),
        ("no sender", "alerts:\n  smtp: {url: \"smtp://mail:25\", to: c@d}\n", "alerts.smtp.from: is missing"),
        ("nobody to send to", "alerts:\n  smtp: {url: \"smtp://mail:25\", from: a@b}\n", "alerts.smtp.to: is missing"),
        (
            "a header in it", "alerts:\n  smtp: {url: \"smtp://mail:25\", from: \"a@b\\r\\nBcc: x\", to: c@d}\n",
            "alerts.smtp.from: expected"
        ),
        ("two addresses", "alerts:\n  smtp: {url: \"smtp://mail:25\", from: a@b, to: \"c@d,e@f\"}\n", "alerts.smtp.to: expected"),
        (
            "no password", "alerts:\n  smtp: {url: \"smtp://mail:25\", user: u, from: a@b, to: c@d}\n",
            "alerts.smtp.user: GATEPOST_ALERT_SMTP"
        ),
    ])
    func refuses(_ name: String, _ yaml: String, _ text: String) throws {
        let found = try problems(yaml: yaml)
        #expect(found.count == 1 && found[0].contains(text), "\(name): \(found)")
        #expect(!"\(found)".contains("hush"))
    }

    @Test func aWrongSlackAddressIsNotQuoted() throws {
        let found = try problems(["GATEPOST_ALERT_SLACK_URL": "http://hooks.slack.com/hush"])
        #expect(found.count == 1 && found[0].contains("GATEPOST_ALERT_SLACK_URL: expected https://") && !found[0].contains("hush"))
    }

    @Test(arguments: [
        ("smtp://127.0.0.1:25", true), ("smtp://localhost:25", true), ("smtps://127.0.0.1:465", false), ("smtp://mail:25", false),
    ])
    func onlyThisMachineGoesWithoutTLS(_ url: String, isLoopback: Bool) throws {
        let smtp = try settings([:], in: Scratch(), yaml: "alerts:\n  smtp: {url: \"\(url)\", from: a@b, to: c@d}\n").alerts.smtp
        #expect(smtp?.isLoopback == isLoopback)
    }
}
