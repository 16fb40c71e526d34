extension Provider {
    /// Told by hookdeck/webhook-skills, which quotes Chargebee's documents: basic authentication, nothing is signed.
    static let chargebee = Provider(
        "chargebee", "Chargebee", Scheme(.basic, in: .header(["authorization"]), as: .whole(prefix: "Basic "), .base64)
    ) {
        $0.eventID = ["$.id"]  // unverified, as are type and time
        $0.eventType = ["$.event_type"]
        $0.occurredAt = .seconds(["$.occurred_at"])
        $0.patience = .seconds(60)
        $0.retries = "Up to 7 times within two days."
        $0.setup =
            "Settings > Configure Chargebee > API Keys and Webhooks > Add webhook, with basic authentication; the secret is user:password."
        $0.unsigned = "Everything: user and password come with each post and sign nothing."
        $0.confidence = .secondary
        $0.references = ["github:hookdeck/webhook-skills providers.yaml"]
        $0.mappings = [
            Mapping(
                "customer_*", to: .userSync, subject: "customer", subjectID: ["$.content.customer.id"], actorID: ["$.content.customer.id"],
                actorEmail: ["$.content.customer.email"], actorName: ["$.content.customer.first_name"],
                data: .object(at: "$.content.customer")),
            chargebeeEvent("subscription_*", subject: "subscription", id: ["$.content.subscription.id"]),
            chargebeeEvent("invoice_*", subject: "invoice", id: ["$.content.invoice.id"]),
            chargebeeEvent("payment_source_*", to: .keep, subject: "payment_source", id: ["$.content.payment_source.id"]),
            chargebeeEvent("payment_*", subject: "payment", id: ["$.content.transaction.id"]),
            chargebeeEvent("refund_*", subject: "refund", id: ["$.content.transaction.id"]),
            chargebeeEvent("credit_note_*", subject: "credit_note", id: ["$.content.credit_note.id"]),
            chargebeeEvent("*", to: .keep, subject: nil, id: []),
        ]
    }
}

/// Where the person stands is unverified.
private func chargebeeEvent(_ pattern: EventPattern, to route: Route = .orderEvent, subject: String?, id: [JSONPath]) -> Mapping {
    Mapping(
        pattern, to: route, subject: subject, subjectID: id,
        actorID: ["$.content.customer.id", "$.content.subscription.customer_id", "$.content.invoice.customer_id"],
        actorEmail: ["$.content.customer.email"], actorName: ["$.content.customer.first_name"],
        reason: ["$.content.subscription.cancel_reason", "$.content.transaction.error_text", "$.content.invoice.status"],
        data: .object(at: "$.content"))
}
