extension Provider {
    /// https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
    ///
    /// Only the SHA-256 header counts; the old SHA-1 header beside it is not looked at. There is no timestamp, and the delivery id
    /// is not signed: the body's digest is claimed as a nonce. A redelivery keeps its id.
    static let github = Provider(
        source: SourceName(catalogue: "github"), title: "GitHub",
        scheme: Scheme(
            signature: .whole(header: "x-hub-signature-256", prefix: "sha256="),
            encoding: .hex,
            signed: [.body]),
        contentTypes: ["application/json"],
        isArray: false,
        eventID: [.header("x-github-delivery")],
        eventType: [.header("x-github-event"), .json("$.action")],
        occurredAt: nil,
        mappings: [
            Mapping(
                "sponsorship.*", to: .orderEvent, subject: "sponsorship", subjectID: ["$.sponsorship.node_id"],
                actorID: ["$.sponsorship.sponsor.id", "$.sender.id"], actorName: ["$.sponsorship.sponsor.login"],
                data: .object(at: "$.sponsorship")),
            Mapping(
                "marketplace_purchase.*", to: .orderEvent, subject: "marketplace_purchase",
                subjectID: ["$.marketplace_purchase.account.id"],
                actorID: ["$.marketplace_purchase.account.id", "$.sender.id"],
                actorEmail: ["$.marketplace_purchase.account.organization_billing_email"],
                actorName: ["$.marketplace_purchase.account.login"],
                data: .object(at: "$.marketplace_purchase")),
            Mapping("*", to: .keep, actorID: ["$.sender.id"], actorName: ["$.sender.login"]),
        ])
}
