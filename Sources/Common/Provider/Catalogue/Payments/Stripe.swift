extension Provider {
    /// https://docs.stripe.com/webhooks#verify-manually and stripe-python 16.1.0, `stripe/_webhook.py`.
    ///
    /// The key is the whole `whsec_…` text. While a secret is rolled, Stripe lists one `v1` for each that is active (up to 24 h).
    /// Its own library accepts any future timestamp; we judge both ways.
    static let stripe = Provider(
        "stripe", "Stripe",
        Scheme(
            in: .header(["stripe-signature"]), as: .pairs(separator: ",", signatureKey: "v1", timestampKey: "t"),
            over: [.timestamp, .literal("."), .body], at: .init(.signature, .seconds))
    ) {
        $0.eventID = ["$.id"]
        $0.eventType = ["$.type"]
        $0.occurredAt = .seconds(["$.created"])
        $0.testMode = ("$.livemode", "false")
        $0.retries = "Up to three days, ever more slowly; a test account three times within hours."
        $0.setup = "Developers > Webhooks > Add endpoint; the secret is the endpoint's signing secret, whsec_… as a whole."
        $0.references = ["https://docs.stripe.com/webhooks", "stripe-python 16.1.0 stripe/_webhook.py"]
        $0.mappings = [
            stripePayment("customer.subscription.*", subject: "subscription", reason: "$.data.object.cancellation_details.reason"),
            stripePayment("customer.discount.*", to: .keep, subject: "discount"),
            stripePayment("customer.source.*", to: .keep, subject: "source"),
            stripePayment("customer.tax_id.*", to: .keep, subject: "tax_id"),
            Mapping(
                "customer.*", to: .userSync, subject: "customer", subjectID: ["$.data.object.id"], actorID: ["$.data.object.id"],
                actorEmail: ["$.data.object.email"], actorName: ["$.data.object.name"], data: .object(at: "$.data.object")),
            stripePayment("checkout.session.*", subject: "checkout_session"),
            stripePayment("invoice.*", subject: "invoice", reason: "$.data.object.billing_reason"),
            stripePayment("payment_intent.*", subject: "payment_intent", reason: "$.data.object.last_payment_error.code"),
            stripePayment("charge.*", subject: "charge", reason: "$.data.object.failure_code"),
        ]
    }
}

/// The person in Stripe's payment objects. The e-mail's places differ by object (checkout session, invoice, charge).
private func stripePayment(
    _ pattern: EventPattern, to route: Route = .orderEvent, subject: String, reason: JSONPath? = nil
) -> Mapping {
    Mapping(
        pattern, to: route, subject: subject, subjectID: ["$.data.object.id"],
        actorID: ["$.data.object.customer", "$.data.object.customer.id"],
        actorEmail: [
            "$.data.object.customer_details.email", "$.data.object.customer_email", "$.data.object.receipt_email",
            "$.data.object.billing_details.email",
        ],
        actorName: ["$.data.object.customer_details.name", "$.data.object.customer_name", "$.data.object.billing_details.name"],
        reason: reason.map { [$0] } ?? [],
        data: .object(at: "$.data.object"))
}
