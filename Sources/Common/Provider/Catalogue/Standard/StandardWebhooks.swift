extension Provider {
    /// https://github.com/standard-webhooks/standard-webhooks, `spec/standard-webhooks.md`, and standardwebhooks 1.1.0.
    ///
    /// For any sender that keeps to the specification. Its variant with public keys (`v1a`) is not read.
    static let standardWebhooks = Provider("standard-webhooks", "Standard Webhooks", .standardWebhooks()) {
        $0.eventID = ["webhook-id"]
        $0.eventType = ["$.type"]
        $0.occurredAt = .rfc3339(["$.timestamp"])
        $0.patience = .seconds(15)
        $0.retries = "As the specification advises: ten times within four days, the first after 5 s."
        $0.setup = "The secret is what the sender shows, whsec_…."
        $0.references = ["https://www.standardwebhooks.com", "standardwebhooks 1.1.0"]
    }
}
