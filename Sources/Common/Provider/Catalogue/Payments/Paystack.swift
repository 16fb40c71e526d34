extension Provider {
    /// https://paystack.com/docs/payments/webhooks/: HMAC-SHA512 under the account's API secret key; a new key signs at once.
    static let paystack = Provider("paystack", "Paystack", Scheme(.hmac(.sha512), in: .header(["x-paystack-signature"]))) {
        // No event id. A subscription has a code alone, which many events share: there the digest (its dates are within) stands in.
        $0.eventID = ["$.event", .firstOf(["$.data.id", "$.data.reference", .digest])]
        $0.eventType = ["$.event"]
        $0.occurredAt = .rfc3339(["$.data.paid_at", "$.data.created_at", "$.data.createdAt"])  // unverified
        $0.answer = Acknowledgement(status: 200)
        $0.patience = .seconds(30)
        $0.retries = "Every 3 minutes for the first 4 times, then hourly for 72 hours."
        $0.setup = "Settings > API Keys & Webhooks > Webhook URL; the secret is the API secret key, sk_…"
        $0.confidence = .docs
        $0.references = ["https://paystack.com/docs/payments/webhooks/", "pypaystack2 3.4.0"]
        $0.mappings = [
            paystackEvent("customeridentification.*", to: .keep, subject: "customer"),
            paystackEvent("charge.*", subject: "charge"),
            paystackEvent("subscription.*", subject: "subscription"),
            paystackEvent("invoice.*", subject: "invoice"),
            paystackEvent("refund.*", subject: "refund"),
            paystackEvent("paymentrequest.*", subject: "payment_request"),
            paystackEvent("transfer.*", to: .keep, subject: "transfer"),
        ]
    }
}

/// Where the person stands is unverified.
private func paystackEvent(_ pattern: EventPattern, to route: Route = .orderEvent, subject: String) -> Mapping {
    Mapping(
        pattern, to: route, subject: subject,
        subjectID: ["$.data.id", "$.data.reference", "$.data.subscription_code", "$.data.invoice_code"],
        actorID: ["$.data.customer.id", "$.data.customer.customer_code"], actorEmail: ["$.data.customer.email"],
        actorName: ["$.data.customer.first_name"], reason: ["$.data.gateway_response", "$.data.status"], data: .object(at: "$.data"))
}
