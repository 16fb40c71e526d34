extension Provider {
    /// mailgun 1.10.0, `mailgun/security.py`, and django-anymail 15.2, `anymail/webhooks/mailgun.py`.
    ///
    /// Only time and token are signed, in the body. The token comes once, so that both are claimed: nobody can put another event behind
    /// them later. Routes and old webhooks send the same three fields in a form, of a repeated one the last counts.
    static let mailgun = Provider(
        "mailgun", "Mailgun",
        Scheme(
            in: .json("$.signature.signature"), over: [.json("$.signature.timestamp"), .json("$.signature.token")],
            at: .init(.json("$.signature.timestamp"), .seconds, tolerance: .seconds(900))),
        Scheme(
            in: .form("signature"), over: [.form("timestamp"), .form("token")],
            at: .init(.form("timestamp"), .seconds, tolerance: .seconds(900)))
    ) {
        $0.contentTypes["application/x-www-form-urlencoded"] = .form
        $0.contentTypes["multipart/form-data"] = .form
        $0.eventID = [.firstOf(["$.event-data.id", "$.token"])]
        $0.eventType = [.firstOf(["$.event-data.event", "$.event"])]
        $0.occurredAt = .seconds(["$.event-data.timestamp", "$.timestamp"])
        $0.claimsSignedText = true
        $0.setup = "Send > Webhooks; the secret is the HTTP webhook signing key, which is the account's and no API key."
        $0.unsigned = """
            The event itself. Time and token alone are signed: whoever reads one post in transit can change its event before we have it.
            """
        $0.references = ["https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/", "mailgun 1.10.0 mailgun/security.py"]
        $0.mappings = [
            mailgunRecipient("unsubscribed", to: .userSync), mailgunRecipient("complained", to: .userSync),
            mailgunRecipient("*", to: .keep),
        ]
    }
}

private func mailgunRecipient(_ pattern: EventPattern, to route: Route) -> Mapping {
    Mapping(
        pattern, to: route, subject: "recipient", subjectID: ["$.event-data.recipient", "$.recipient"],
        actorEmail: ["$.event-data.recipient", "$.recipient"],
        reason: ["$.event-data.reason"])
}
