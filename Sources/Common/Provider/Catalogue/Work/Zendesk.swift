extension Provider {
    /// https://developer.zendesk.com/documentation/webhooks/verifying/
    ///
    /// The secret looks like base 64 and is used as the text it is. The time is text and signed to the letter.
    static let zendesk = Provider(
        "zendesk", "Zendesk",
        Scheme(
            in: .header(["x-zendesk-webhook-signature"]), .base64, over: [.timestamp, .body],
            at: .init(.header(["x-zendesk-webhook-signature-timestamp"]), .rfc3339))
    ) {
        // Unverified. The header's first: a trigger's body is the administrator's own, and an `id` in it may be a ticket's.
        $0.eventID = [.firstOf(["x-zendesk-webhook-invocation-id", "$.id", .digest])]
        $0.eventType = ["$.type"]
        $0.occurredAt = .rfc3339(["$.time"])  // unverified
        $0.confidence = .docs
        $0.patience = .seconds(12)
        $0.retries =
            "After 409 three times, after a time-out five times, after 429 and 503 where Retry-After is under 60 s (told by "
            + "others)."
        $0.setup = "Admin Center > Apps and integrations > Webhooks > Create, JSON; the secret is shown under Signing secret."
        $0.references = ["https://developer.zendesk.com/documentation/webhooks/verifying/"]
        $0.mappings = [
            // Where the person stands is unverified.
            Mapping(
                "zen:event-type:user.*", to: .userSync, subject: "user", subjectID: ["$.detail.id"], actorID: ["$.detail.id"],
                actorEmail: ["$.detail.email"], actorName: ["$.detail.name"], data: .object(at: "$.detail")),
            Mapping("*", to: .keep, subjectID: ["$.detail.id"], actorID: ["$.detail.actor_id", "$.detail.requester_id"]),
        ]
    }
}
