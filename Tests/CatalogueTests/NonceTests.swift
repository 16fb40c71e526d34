import Testing

@testable import Common

@Suite struct NonceTests {
    @Test(arguments: [
        (Provider.github, true), (.linear, true), (.sentry, true), (.bitbucket, true), (.jira, true), (.twilio, true), (.mailgun, true),
        (.zendesk, true),
        // Their ids are signed.
        (.standardWebhooks, false), (.svix, false), (.openai, false), (.plivo, false), (.messagebird, false), (.slack, false),
        // Nothing is signed, so that a nonce would only swallow honest repeats.
        (.gitlab, false), (.telegram, false), (.mailchimp, false), (.monday, false),
    ])
    func isClaimed(by provider: Provider, expected: Bool) { #expect(provider.claimsNonce == expected) }

    private func mailgun(event: String, token: String = "t") -> SignedRequest {
        let body = #"{"signature":{"timestamp":"1","token":"\#(token)","signature":"x"},"event-data":{"id":"\#(event)"}}"#
        return SignedRequest(method: "POST", url: "", headers: HeaderFields([("content-type", "application/json")]), body: Bytes(body.utf8))
    }

    @Test func mailgunTokenIsGoodOnce() {
        #expect(Provider.mailgun.nonceText(of: mailgun(event: "a")) == Provider.mailgun.nonceText(of: mailgun(event: "b")))
        #expect(Provider.mailgun.nonceText(of: mailgun(event: "a")) != Provider.mailgun.nonceText(of: mailgun(event: "a", token: "u")))
    }

    @Test func mailgunFormHasTheSameNonce() {
        let form = SignedRequest(
            method: "POST", url: "", headers: HeaderFields([("content-type", "application/x-www-form-urlencoded")]),
            body: Bytes("timestamp=1&token=t&signature=x".utf8))
        #expect(Provider.mailgun.nonceText(of: form) == Provider.mailgun.nonceText(of: mailgun(event: "a")))
    }
}
