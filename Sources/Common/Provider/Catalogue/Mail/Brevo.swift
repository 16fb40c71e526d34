extension Provider {
    /// django-anymail 15.2, `anymail/webhooks/brevo.py`: HTTP basic authentication, or nothing.
    static let brevo = Provider("brevo", "Brevo", Scheme(.basic, in: .header(["authorization"]), as: .whole(prefix: "Basic "), over: [])) {
        // No delivery id: the message, what happened, when, and to whom of its recipients.
        $0.eventID = ["$.message-id", "$.event", "$.ts_event", "$.email", "$.link"]
        $0.eventType = ["$.event"]
        $0.occurredAt = .seconds(["$.ts_event"])  // unverified
        $0.confidence = .secondary
        $0.setup = "Transactional > Settings > Webhook > Add; put user:password@ before the host of the URL; the secret is user:password."
        $0.unsigned = "Everything: a password is sent along, nothing is signed. Admit Brevo's addresses alone in nginx as well."
        $0.references = ["https://developers.brevo.com/docs/how-to-use-webhooks", "django-anymail 15.2 anymail/webhooks/brevo.py"]
        $0.mappings = [
            brevoRecipient("unsubscribe*", to: .userSync), brevoRecipient("spam", to: .userSync),
            brevoRecipient("hard_bounce", to: .userSync),
            brevoRecipient("*", to: .keep),
        ]
    }
}

private func brevoRecipient(_ pattern: EventPattern, to route: Route) -> Mapping {
    Mapping(
        pattern, to: route, subject: "recipient", subjectID: ["$.email"], actorEmail: ["$.email"], reason: ["$.reason"])
}
