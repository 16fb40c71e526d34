extension Provider {
    /// polar-sdk 1.0.2, `polar/webhooks.py`: Standard Webhooks, with the secret's text as the key or what its base 64 says; either counts.
    static let polar = Provider("polar", "Polar", .standardWebhooks(secret: .textAndStandardWebhooks)) {
        $0.eventID = ["webhook-id"]
        $0.eventType = ["$.type"]
        $0.occurredAt = .rfc3339(["$.timestamp"])  // unverified
        $0.patience = .seconds(10)
        $0.retries = "Up to 10 times; after 10 failures in a row the endpoint is switched off (told by others)."
        $0.setup = "Settings > Webhooks > Add Endpoint; format Raw; the secret is the one set there."
        $0.references = ["https://polar.sh/docs/integrate/webhooks/delivery", "polar-sdk 1.0.2 polar/webhooks.py"]
        $0.mappings = [
            Mapping(
                "customer.*", to: .userSync, subject: "customer", subjectID: ["$.data.id"], actorID: ["$.data.id", "$.data.customer.id"],
                actorEmail: ["$.data.email", "$.data.customer.email"], actorName: ["$.data.name", "$.data.customer.name"],
                data: .object(at: "$.data")),
            polarPayment("order.*", subject: "order"), polarPayment("subscription.*", subject: "subscription"),
            polarPayment("checkout.*", subject: "checkout"), polarPayment("refund.*", subject: "refund"),
        ]
    }
}

/// Where the customer stands is unverified.
private func polarPayment(_ pattern: EventPattern, subject: String) -> Mapping {
    Mapping(
        pattern, to: .orderEvent, subject: subject, subjectID: ["$.data.id"], actorID: ["$.data.customer.id", "$.data.customer_id"],
        actorEmail: ["$.data.customer.email", "$.data.customer_email"], actorName: ["$.data.customer.name", "$.data.customer_name"],
        reason: ["$.data.billing_reason", "$.data.customer_cancellation_reason"], data: .object(at: "$.data"))
}
