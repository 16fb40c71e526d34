extension Provider {
    /// django-anymail 15.2, `anymail/webhooks/mailtrap.py`; the vendor has no library that verifies. Inbound mail comes by the same URL
    /// with
    /// its time in milliseconds, and its `event_id` may change when it is sent again.
    static let mailtrap = Provider("mailtrap", "Mailtrap", Scheme(in: .header(["mailtrap-signature"]))) {
        $0.events = "$.events"
        $0.eventID = ["$.event_id"]
        $0.eventType = ["$.event"]
        $0.occurredAt = .seconds(["$.timestamp"])
        $0.confidence = .secondary
        $0.setup = "Settings > Webhooks > Create; the secret is the webhook's signature key."
        $0.references = ["https://docs.mailtrap.io/email-api-smtp/advanced/webhooks", "django-anymail 15.2 anymail/webhooks/mailtrap.py"]
        $0.mappings = [
            mailtrapRecipient("unsubscribe", to: .userSync), mailtrapRecipient("spam", to: .userSync),
            mailtrapRecipient("bounce", to: .userSync),
            mailtrapRecipient("*", to: .keep),
        ]
    }
}

private func mailtrapRecipient(_ pattern: EventPattern, to route: Route) -> Mapping {
    Mapping(
        pattern, to: route, subject: "recipient", subjectID: ["$.email"], actorEmail: ["$.email"], reason: ["$.reason"])
}
