extension Provider {
    /// django-anymail 15.2, `anymail/webhooks/{base,postmark}.py`: HTTP basic authentication, which is all that Postmark has.
    static let postmark = Provider(
        "postmark", "Postmark", Scheme(.basic, in: .header(["authorization"]), as: .whole(prefix: "Basic "), over: [])
    ) {
        // `ID` is a bounce's own; the rest have the message's id alone, so that kind, person, time and link belong to the key.
        $0.eventID = [
            "$.MessageID", "$.RecordType", "$.ID", "$.Recipient",
            .firstOf(["$.DeliveredAt", "$.BouncedAt", "$.ReceivedAt", "$.ChangedAt"]), "$.OriginalLink",
        ]
        $0.eventType = ["$.RecordType"]
        $0.occurredAt = .rfc3339(["$.DeliveredAt", "$.BouncedAt", "$.ReceivedAt", "$.ChangedAt"])  // unverified
        $0.confidence = .secondary
        $0.setup = "Message stream > Webhooks > Add; basic auth with a user and a password of your own; the secret is user:password."
        $0.unsigned = "Everything: a password is sent along, nothing is signed. Admit Postmark's addresses alone in nginx as well."
        $0.references = [
            "https://postmarkapp.com/developer/webhooks/webhooks-overview", "django-anymail 15.2 anymail/webhooks/postmark.py",
        ]
        $0.mappings = [
            postmarkRecipient("SubscriptionChange", to: .userSync), postmarkRecipient("SpamComplaint", to: .userSync),
            postmarkRecipient("Bounce", to: .userSync), postmarkRecipient("*", to: .keep),
        ]
    }
}

/// Where the recipient stands is unverified.
private func postmarkRecipient(_ pattern: EventPattern, to route: Route) -> Mapping {
    Mapping(
        pattern, to: route, subject: "recipient", subjectID: ["$.Recipient", "$.Email"],
        actorEmail: ["$.Recipient", "$.Email"], reason: ["$.SuppressionReason", "$.Description"])
}
