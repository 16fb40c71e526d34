extension Provider {
    /// coinbase-commerce 1.0.1, `webhook.py`. A retry keeps the event's id and counts `attempt_number`.
    static let coinbaseCommerce = Provider("coinbase-commerce", "Coinbase Commerce", Scheme(in: .header(["x-cc-webhook-signature"]))) {
        $0.eventID = ["$.event.id"]
        $0.eventType = ["$.event.type"]
        $0.occurredAt = .rfc3339(["$.event.created_at"])
        $0.setup = "Settings > Notifications > Add an endpoint; the secret is the webhook shared secret."
        $0.references = ["coinbase-commerce 1.0.1 coinbase_commerce/webhook.py"]
        $0.mappings = [
            // The person is whoever the shop put into the charge's metadata; unverified.
            Mapping(
                "charge:*", to: .orderEvent, subject: "charge", subjectID: ["$.event.data.code", "$.event.data.id"],
                actorID: ["$.event.data.metadata.customer_id", "$.event.data.metadata.id"], actorEmail: ["$.event.data.metadata.email"],
                actorName: ["$.event.data.metadata.name"], data: .object(at: "$.event.data"))
        ]
    }
}
