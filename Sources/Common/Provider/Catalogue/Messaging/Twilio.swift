extension Provider {
    /// https://www.twilio.com/docs/usage/webhooks/webhooks-security and twilio 9.13.0, `twilio/request_validator.py`.
    ///
    /// Of a form, names and the set of each name's values are signed, with nothing between them; of anything else the URL alone, which
    /// then has to carry the body's digest. The URL may have been signed with its port or without. A shared key signs with SHA-256 and
    /// says so in a header of its own; an algorithm that we do not know is refused, as Twilio's library does.
    static let twilio = Provider(
        "twilio", "Twilio",
        twilioScheme(.sha256, onlyWhen: "algorithm=HMAC_SHA256"),
        twilioScheme(.sha1, onlyWhen: "algorithm=HMAC_SHA1"),
        twilioScheme(.sha1, onlyWhen: nil)
    ) {
        $0.contentTypes["application/x-www-form-urlencoded"] = .form
        $0.events = "$"  // Event Streams posts arrays
        $0.orOneEvent = true
        // Unverified: the token is the same when a post is sent again. Without it one message or call has an event for each state.
        $0.eventID = [
            .firstOf(["i-twilio-idempotency-token", "$.id", "$.MessageSid", "$.SmsSid", "$.CallSid", .digest]),
            .firstOf(["$.MessageStatus", "$.SmsStatus", "$.CallStatus", "$.EventType"]),
        ]
        $0.eventType = [.firstOf(["$.EventType", "$.MessageStatus", "$.SmsStatus", "$.CallStatus", "$.type"])]
        $0.occurredAt = .rfc3339(["$.time"])
        // Twilio runs the answer to a message or call as TwiML: nothing is to be done.
        $0.answer = Acknowledgement(status: 200, contentType: "text/xml", body: "<Response/>")
        $0.setup = "The number's or service's webhook URL; the secret is the account's Auth Token, or a SharedKey's secret."
        $0.unsigned = """
            Where one form field ends and the next begins: `ab=c` and `a=bc` have one signature. JSON without bodySHA256 in the URL is \
            refused.
            """
        $0.references = ["https://www.twilio.com/docs/usage/webhooks/webhooks-security", "twilio 9.13.0 twilio/request_validator.py"]
        $0.mappings = [Mapping("*", to: .keep, subject: "message", subjectID: ["$.MessageSid", "$.CallSid"], actorID: ["$.From"])]
    }
}

private func twilioScheme(_ hash: HMACKey.Hash, onlyWhen setting: String?) -> Scheme {
    let header = "x-twilio-webhooks-signature-settings"
    return Scheme(
        .hmac(hash), in: .header(["x-twilio-signature"]), .base64, over: [.url, .ifForm(.sortedForm(repeats: .sortedSet))],
        url: .withAndWithoutPort, onlyWhen: setting.map { (header, $0) }, onlyWithout: setting == nil ? (header, "algorithm=") : nil,
        bodyDigestInQuery: "bodySHA256")
}
