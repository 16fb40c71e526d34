extension Provider {
    /// django-anymail 15.2, `anymail/webhooks/mandrill.py`; the vendor has no library that verifies.
    ///
    /// The URL is the webhook's exactly as typed there, credentials and query included. The post is a form with one field that holds an
    /// array. While a URL is being set up Mandrill signs an empty array with the fixed key `test-webhook`; that is refused here, as
    /// anybody could sign with it, and a 2xx to its HEAD request is enough.
    static let mandrill = Provider(
        "mandrill", "Mailchimp Transactional (Mandrill)",
        Scheme(.hmac(.sha1), in: .header(["x-mandrill-signature"]), .base64, over: [.url, .sortedForm(repeats: .last)])
    ) {
        $0.contentTypes = ["application/x-www-form-urlencoded": .formField("mandrill_events")]
        $0.events = "$"
        // `_id` is the message's; several events have it, and clicks of one second differ in their URL.
        $0.eventID = ["$._id", "$.event", "$.ts", "$.url"]
        $0.eventType = [.firstOf(["$.event", "$.type"])]
        $0.occurredAt = .seconds(["$.ts"])
        $0.handshakes = [.greeting]
        $0.testSecret = "test-webhook"
        $0.confidence = .secondary
        $0.setup = """
            Settings > Webhooks > Add; the secret is the webhook's authentication key. The URL there must be the public one, to the \
            letter.
            """
        $0.references = [
            "https://mailchimp.com/developer/transactional/guides/track-respond-activity-webhooks/",
            "django-anymail 15.2 anymail/webhooks/mandrill.py",
        ]
        $0.mappings = [
            mandrillRecipient("unsub", to: .userSync), mandrillRecipient("spam", to: .userSync),
            mandrillRecipient("hard_bounce", to: .userSync), mandrillRecipient("*", to: .keep),
        ]
    }
}

/// What changes whether a person may be written to is for the person's profile; the rest happens to a message.
private func mandrillRecipient(_ pattern: EventPattern, to route: Route) -> Mapping {
    Mapping(
        pattern, to: route, subject: "recipient", subjectID: ["$.msg.email", "$.reject.email"],
        actorEmail: ["$.msg.email", "$.reject.email"], reason: ["$.msg.bounce_description", "$.reject.reason"])
}
