extension Provider {
    /// `class-wc-webhook.php` of WooCommerce (00e1bc4da70f).
    ///
    /// The stored secret's HTML entities are decoded before it becomes the key. The delivery id is a hash of webhook and second: two
    /// deliveries of one second share it, so topic, object and content belong to the key. A failed delivery is never tried again.
    static let wooCommerce = Provider(
        "woocommerce", "WooCommerce", Scheme(in: .header(["x-wc-webhook-signature"]), .base64, secret: .htmlDecoded)
    ) {
        // Only the ping on saving is a form; it is not signed and never stored.
        $0.contentTypes["application/x-www-form-urlencoded"] = .form
        $0.handshakes = [.ping(formField: "webhook_id", status: 200)]
        $0.eventID = ["x-wc-webhook-delivery-id", "x-wc-webhook-topic", "$.id", .digest]
        $0.eventType = ["x-wc-webhook-topic"]
        $0.nonceHeaders = ["x-wc-webhook-topic"]
        $0.occurredAt = .utc(["$.date_modified_gmt", "$.date_created_gmt"])  // unverified
        $0.state = StatePlaces(type: "x-wc-webhook-topic", object: "$.id", moment: "$.date_modified_gmt", orElse: "$.date_created_gmt")
        $0.patience = .seconds(60)
        $0.retries = "Not at all; after more than 5 failures in a row the webhook is switched off."
        $0.setup =
            "WooCommerce > Settings > Advanced > Webhooks > Add webhook; the secret as you type it there. "
            + "A failed delivery is not repeated."
        $0.unsigned = "Topic, shop and delivery id are headers and not signed."
        $0.references = ["github:woocommerce/woocommerce plugins/woocommerce/includes/class-wc-webhook.php"]
        $0.mappings = wooCommerceMappings
    }
}

/// Where the person stands is unverified. A deleted object comes as its id alone.
private let wooCommerceMappings: [Mapping] = [
    Mapping(
        "customer.*", to: .userSync, subject: "customer", subjectID: ["$.id"], actorID: ["$.id"],
        actorEmail: ["$.email", "$.billing.email"],
        actorName: ["$.first_name", "$.username"]),
    wooCommerceOrder("order.*", subject: "order"),
    wooCommerceOrder("subscription.*", subject: "subscription"),
    Mapping("*", to: .keep, subjectID: ["$.id", "$.arg"]),
]

private func wooCommerceOrder(_ pattern: EventPattern, subject: String) -> Mapping {
    Mapping(
        pattern, to: .orderEvent, subject: subject, subjectID: ["$.id"], actorID: ["$.customer_id"],
        actorEmail: ["$.billing.email"], actorName: ["$.billing.first_name"], reason: ["$.status"], nobody: "0")
}
