extension Provider {
    /// https://developer.calendly.com/api-docs/overview/webhooks/webhook-signatures
    ///
    /// Calendly's sample allows 3 minutes and any future time, and hashes the body after reading and writing it as JSON. A
    /// subscription without a signing key is not signed, and refused.
    static let calendly = Provider(
        "calendly", "Calendly",
        Scheme(
            in: .header(["calendly-webhook-signature"]), as: .pairs(separator: ",", signatureKey: "v1", timestampKey: "t"),
            over: [.timestamp, .literal("."), .body], at: .init(.signature, .seconds))
    ) {
        // Unverified: no id, but an invitee's own address, what happened and when.
        $0.eventID = ["$.payload.uri", "$.event", "$.created_at"]
        $0.eventType = ["$.event"]
        $0.occurredAt = .rfc3339(["$.created_at"])
        $0.confidence = .docs
        $0.setup = "POST /webhook_subscriptions with url, events and signing_key; the secret is that signing key."
        $0.references = ["https://developer.calendly.com/api-docs/overview/webhooks/webhook-signatures"]
        $0.mappings = [
            calendlyInvitee("invitee.*", subject: "booking"), calendlyInvitee("invitee_no_show.*", subject: "no_show"),
            calendlyInvitee("routing_form_submission.*", to: .userSync, subject: "submission"),
        ]
    }
}

/// Where the person stands is unverified.
private func calendlyInvitee(_ pattern: EventPattern, to route: Route = .orderEvent, subject: String) -> Mapping {
    Mapping(
        pattern, to: route, subject: subject, subjectID: ["$.payload.scheduled_event.uri", "$.payload.uri"], actorID: ["$.payload.uri"],
        actorEmail: ["$.payload.email"], actorName: ["$.payload.name"], reason: ["$.payload.cancellation.reason"],
        data: .object(at: "$.payload"))
}
