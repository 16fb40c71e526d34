extension Provider {
    /// django-anymail 15.2, `anymail/webhooks/mailersend.py`; the vendor has no library that verifies.
    static let mailersend = Provider("mailersend", "MailerSend", Scheme(in: .header(["signature"]))) {
        $0.eventID = ["$.data.id", "$.type"]  // as anymail reads it
        $0.eventType = ["$.type"]
        $0.occurredAt = .rfc3339(["$.created_at"])
        $0.confidence = .secondary
        $0.setup = "Domains > Webhooks > Add; the secret is the webhook's signing secret."
        $0.references = ["https://developers.mailersend.com/api/v1/webhooks.html", "django-anymail 15.2 anymail/webhooks/mailersend.py"]
        $0.mappings = [
            mailersendRecipient("activity.unsubscribed", to: .userSync), mailersendRecipient("activity.spam_complaint", to: .userSync),
            mailersendRecipient("activity.hard_bounced", to: .userSync), mailersendRecipient("activity.*", to: .keep),
        ]
    }
}

/// Where the recipient stands is unverified.
private func mailersendRecipient(_ pattern: EventPattern, to route: Route) -> Mapping {
    Mapping(
        pattern, to: route, subject: "recipient", subjectID: ["$.data.email.recipient.email"], actorEmail: ["$.data.email.recipient.email"],
        reason: ["$.data.morph.reason"])
}
