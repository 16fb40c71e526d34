import Testing

@testable import Common

private let t0 = Timestamp(milliseconds: 1_764_000_000_000)

@Suite struct AlertMessageTests {
    private func notice(_ reason: AlertNotice.Reason, what: String = "3 dead letters of tenant shop: dns", before: Int? = nil)
        -> AlertNotice
    {
        let condition = AlertCondition(
            key: AlertKey(.deadLetters, "shop/dns"), since: t0, count: 3, newest: t0, what: what, fix: "mend it", next: "gatepost dlq list",
            example: "01a2")
        return AlertNotice(
            reason: reason,
            alert: Alert(state: reason == .recovered ? .resolved : .open, condition: condition, lastAt: t0 + .seconds(7200)),
            countBefore: before)
    }

    private func message(_ notices: AlertNotice...) -> AlertMessage { AlertMessage(notices, host: "box", now: t0 + .seconds(600)) }

    @Test func saysAllThatIsNeeded() {
        #expect(message(notice(.opened)).title == "Gatepost on box: 3 dead letters of tenant shop: dns")
        #expect(
            message(notice(.opened)).text == """
                3 dead letters of tenant shop: dns
                  since 2025-11-24T16:00:00.000Z, 10 min
                  fix: mend it
                  for instance event 01a2
                  next: gatepost dlq list

                """)
    }

    @Test func goodNewsComesLast() {
        let both = message(notice(.recovered), notice(.more, before: 1))
        #expect(both.title == "Gatepost on box: still: 3 dead letters of tenant shop: dns, and 1 more")
        #expect(both.text.contains("  1 at the last notice\n"))
        #expect(both.text.hasSuffix("over: 3 dead letters of tenant shop: dns\n  it lasted 2 h, since 2025-11-24T16:00:00.000Z\n"))
    }

    @Test(arguments: [(20, false), (21, true)])
    func namesTwenty(_ count: Int, hasRest: Bool) {
        let long = AlertMessage(Array(repeating: notice(.opened), count: count), host: "box", now: t0)
        #expect(long.entries.count == 20)
        #expect(long.text.contains("1 more: gatepost alerts list") == hasRest)
    }

    /// `<!channel>` would call everybody.
    @Test func escapesWhatSlackReads() throws {
        let body = message(notice(.opened, what: "<!channel> & \"co\"")).slackBody
        let text = try #require(try JSONDocument(body).root["text"]?.string)
        #expect(text.contains("*&lt;!channel&gt; &amp; \"co\"*") && !text.contains("<"))
    }

    @Test func theWebhooksBodyIsJSON() throws {
        let root = try JSONDocument(message(notice(.more, what: "a \"b\"\n", before: 1)).webhookBody).root
        let alert = try #require(root["alerts"]?.elements.first)
        #expect(root["host"]?.string == "box" && alert["what"]?.string == "a \"b\"\n" && alert["count"]?.integer == 3)
        #expect(alert["kind"]?.string == "dead-letters" && alert["reason"]?.string == "more" && alert["event_id"]?.string == "01a2")
        #expect(try JSONDocument(AlertMessage(testFrom: "box").webhookBody).root["alerts"]?.elements.count == 0)
    }

    @Test func aMailIsWellFormed() throws {
        let hostile = message(notice(.opened, what: "evil\r\nBcc: all@example.com\u{e9}"))
        let mail = MailText.make(
            hostile, from: "gatepost@example.com", to: ["a@example.com", "b@example.com"], host: "box", id: "id-1", now: t0)
        let text = String(decoding: mail, as: UTF8.self)
        let head = try #require(text.components(separatedBy: "\r\n\r\n").first)
        #expect(head.contains("\r\nTo: a@example.com,\r\n b@example.com\r\n"))
        #expect(head.contains("\r\nSubject: Gatepost on box: evil??Bcc: all@example.com?\r\n"))
        #expect(head.contains("\r\nDate: Mon, 24 Nov 2025 16:00:00 +0000\r\nMessage-ID: <id-1@example.com>\r\n"))
        #expect(!head.contains("\r\nBcc"))
        #expect(text.replacing("\r\n", with: "").allSatisfy { !$0.isNewline }, "no bare CR or LF")
    }
}
