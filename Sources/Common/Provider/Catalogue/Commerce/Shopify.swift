extension Provider {
    /// https://shopify.dev/docs/apps/build/webhooks/verify-deliveries and shopify-app-js, `hmac-validator.ts`.
    ///
    /// The key is the client secret as text, although it looks like hex. After a rotation Shopify may sign with the old secret for
    /// an hour: keep both. Neither id nor topic is signed, and one change sends the same body under several topics (`orders/create`,
    /// `orders/paid`), so the topic belongs to the nonce.
    static let shopify = Provider("shopify", "Shopify", Scheme(in: .header(["x-shopify-hmac-sha256"]), .base64)) {
        $0.eventID = ["x-shopify-webhook-id"]
        $0.eventType = ["x-shopify-topic"]
        $0.nonceHeaders = ["x-shopify-topic"]
        // The header is not signed, but it is the moment that was meant; the payload's own times are the object's.
        $0.occurredAt = .rfc3339(["x-shopify-triggered-at", "$.updated_at", "$.created_at"])
        $0.state = StatePlaces(type: "x-shopify-topic", object: "$.id", moment: "$.updated_at")
        $0.patience = .seconds(5)
        $0.retries =
            "8 times within 4 hours; a subscription made through the Admin API is deleted after 8 failures in a row (told "
            + "by others)."
        $0.setup =
            "Settings > Notifications > Webhooks (the secret stands below the list), or an app's subscription; "
            + "the secret is the app's client secret."
        $0.unsigned = "Topic, shop and delivery id are headers and not signed."
        $0.references = [
            "https://shopify.dev/docs/apps/build/webhooks/verify-deliveries",
            "shopify-app-js packages/apps/shopify-api/lib/utils/hmac-validator.ts",
        ]
        $0.mappings = shopifyMappings
    }

    /// https://shopify.dev/docs/apps/build/events/verify-deliveries, a developer preview: the same signature under headers without `X-`.
    /// Its payload is the subscription's own choice, so nothing is mapped.
    static let shopifyEvents = Provider(
        "shopify-events", "Shopify Events (preview)", Scheme(in: .header(["shopify-hmac-sha256"]), .base64)
    ) {
        $0.eventID = ["shopify-webhook-id"]
        $0.eventType = ["shopify-topic"]  // unverified: as in the webhooks' headers
        $0.nonceHeaders = ["shopify-topic"]
        $0.setup = "An app's event subscription; the secret is the app's client secret."
        $0.unsigned = "Topic, shop and delivery id are headers and not signed."
        $0.confidence = .docs
        $0.references = ["https://shopify.dev/docs/apps/build/events/verify-deliveries"]
    }
}

/// Where the person stands is unverified: `$.customer` in orders, the root in customers.
private let shopifyMappings: [Mapping] = [
    shopifyCustomer("customers/create", action: "created"),
    shopifyCustomer("customers/delete", action: "deleted"),
    shopifyCustomer("customers/update", action: "updated"),
    shopifyCustomer("customers/enable", action: "updated"),
    shopifyCustomer("customers/disable", action: "updated"),
    // Duties under privacy law, for a person to carry out.
    Mapping("customers/redact", to: .keep, actorID: ["$.customer.id"], actorEmail: ["$.customer.email"]),
    Mapping("customers/data_request", to: .keep, actorID: ["$.customer.id"], actorEmail: ["$.customer.email"]),
    shopifyOrder("orders/*", subject: "order", id: ["$.id"]),
    shopifyOrder("order_transactions/*", subject: "transaction", id: ["$.id"]),
    shopifyOrder("refunds/*", subject: "refund", id: ["$.id"]),
    shopifyOrder("fulfillments/*", to: .keep, subject: "fulfillment", id: ["$.id"]),
    shopifyOrder("checkouts/*", to: .keep, subject: "checkout", id: ["$.id", "$.token"]),
    shopifyOrder("disputes/*", subject: "dispute", id: ["$.id"]),
    shopifyOrder("subscription_contracts/*", subject: "subscription", id: ["$.id", "$.admin_graphql_api_id"]),
    shopifyOrder("subscription_billing_attempts/*", subject: "billing_attempt", id: ["$.id", "$.admin_graphql_api_id"]),
]

private func shopifyCustomer(_ pattern: EventPattern, action: String) -> Mapping {
    Mapping(
        pattern, to: .userSync, subject: "customer", subjectID: ["$.id"], actorID: ["$.id"], actorEmail: ["$.email"],
        actorName: ["$.first_name", "$.default_address.name"], action: action)
}

private func shopifyOrder(_ pattern: EventPattern, to route: Route = .orderEvent, subject: String, id: [JSONPath]) -> Mapping {
    Mapping(
        pattern, to: route, subject: subject, subjectID: id, actorID: ["$.customer.id", "$.admin_graphql_api_customer_id"],
        actorEmail: ["$.email", "$.contact_email", "$.customer.email"], actorName: ["$.billing_address.name", "$.customer.first_name"],
        reason: ["$.cancel_reason", "$.financial_status", "$.note", "$.reason"])
}
