extension Provider {
    /// https://developer.bigcommerce.com/docs/integrations/webhooks
    ///
    /// Standard Webhooks with the client secret as text: BigCommerce's examples encode it in base 64 only because the library decodes it
    /// again. When a hook fires twice for one event both bodies carry the same `hash`.
    static let bigCommerce = Provider("bigcommerce", "BigCommerce", .standardWebhooks(secret: .text)) {
        // The hash is of the payload; with its time, an object changed again is an event of its own.
        $0.eventID = [.firstOf(["$.hash", "webhook-id"]), "$.created_at"]
        $0.eventType = ["$.scope"]
        $0.occurredAt = .seconds(["$.created_at"])
        $0.retries = "11 times within 48 hours, then the hook is switched off."
        $0.setup = "POST /v3/hooks with the destination (port 443 only); the secret is the app's client secret."
        $0.confidence = .docs
        $0.references = ["github:bigcommerce/docs docs/integrations/webhooks/https-webhook-overview.mdx"]
        // Thin: type and id alone, without the person's e-mail. WordPress gets the customer's id and may ask for more.
        $0.mappings = [
            Mapping("store/customer/address/*", to: .keep, subject: "address", subjectID: ["$.data.id"]),
            bigCommerceCustomer("store/customer/created", action: "created"),
            bigCommerceCustomer("store/customer/updated", action: "updated"),
            bigCommerceCustomer("store/customer/deleted", action: "deleted"),
            Mapping("store/customer/*", to: .keep, subject: "customer", subjectID: ["$.data.id"]),
            Mapping("store/order/*", to: .orderEvent, subject: "order", subjectID: ["$.data.id", "$.data.order_id"]),
            Mapping("*", to: .keep, subjectID: ["$.data.id"]),
        ]
    }
}

private func bigCommerceCustomer(_ pattern: EventPattern, action: String) -> Mapping {
    Mapping(
        pattern, to: .userSync, subject: "customer", subjectID: ["$.data.id"], actorID: ["$.data.id"], data: .object(at: "$.data"),
        action: action)
}
