extension Provider {
    /// https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
    ///
    /// Only the SHA-256 header counts; the old SHA-1 header beside it is not looked at. There is no timestamp, and the delivery id
    /// is not signed: the body's digest is claimed as a nonce. A redelivery keeps its id.
    static let github = Provider(
        "github", "GitHub", Scheme(in: .header(["x-hub-signature-256"]), as: .whole(prefix: "sha256="))
    ) {
        $0.contentTypes["application/x-www-form-urlencoded"] = .formField("payload")
        $0.eventID = ["x-github-delivery"]
        $0.eventType = ["x-github-event", "$.action"]
        $0.patience = .seconds(10)
        $0.retries = "Not at all by itself: redeliver by hand, or let `gatepost reconcile` ask for it."
        $0.setup = "Settings > Webhooks > Add webhook; content type application/json; the secret as you type it there."
        $0.references = [
            "https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries", "gidgethub 6.0.0 sansio.py",
        ]
        $0.mappings = [
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
        ]
    }
}
