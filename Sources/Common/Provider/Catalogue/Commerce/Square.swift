extension Provider {
    /// https://developer.squareup.com/docs/webhooks/step3validate and squareup 46.0.0, `webhooks_helper.py`.
    ///
    /// Signs the notification URL as registered, nothing between it and the body: behind a proxy `public_url` must say the registered one.
    static let square = Provider(
        "square", "Square", Scheme(in: .header(["x-square-hmacsha256-signature"]), .base64, over: [.url, .body])
    ) {
        $0.eventID = ["$.event_id"]
        $0.eventType = ["$.type"]
        $0.occurredAt = .rfc3339(["$.created_at"])
        $0.setup =
            "Developer Console > Webhooks > Subscriptions; the secret is the subscription's signature key, the URL exactly as registered."
        $0.references = ["squareup 46.0.0 square/utils/webhooks_helper.py"]
        $0.mappings = squareMappings
    }
}

/// Where the person stands is unverified; the object's member has its type's name.
private let squareMappings: [Mapping] = [
    Mapping(
        "customer.*", to: .userSync, subject: "customer", subjectID: ["$.data.object.customer.id", "$.data.id"],
        actorID: ["$.data.object.customer.id", "$.data.id"], actorEmail: ["$.data.object.customer.email_address"],
        actorName: ["$.data.object.customer.given_name", "$.data.object.customer.company_name"], data: .object(at: "$.data.object.customer")
    ),
    squareOrder(
        "payment.*", subject: "payment", actorID: ["$.data.object.payment.customer_id"],
        email: ["$.data.object.payment.buyer_email_address"], reason: ["$.data.object.payment.status"]),
    squareOrder("refund.*", subject: "refund", actorID: ["$.data.object.refund.customer_id"], reason: ["$.data.object.refund.reason"]),
    squareOrder(
        "invoice.*", subject: "invoice", actorID: ["$.data.object.invoice.primary_recipient.customer_id"],
        email: ["$.data.object.invoice.primary_recipient.email_address"], reason: ["$.data.object.invoice.status"]),
    squareOrder(
        "subscription.*", subject: "subscription", actorID: ["$.data.object.subscription.customer_id"],
        reason: ["$.data.object.subscription.status"]),
    squareOrder(
        "order.*", subject: "order", actorID: ["$.data.object.order.customer_id"],
        reason: ["$.data.object.order_updated.state", "$.data.object.order_created.state"]),
    squareOrder("dispute.*", subject: "dispute", actorID: [], reason: ["$.data.object.dispute.reason"]),
    squareOrder(
        "loyalty.*", to: .keep, subject: "loyalty", actorID: ["$.data.object.loyalty_account.customer_id"], reason: []),
]

private func squareOrder(
    _ pattern: EventPattern, to route: Route = .orderEvent, subject: String, actorID: [JSONPath], email: [JSONPath] = [], reason: [JSONPath]
) -> Mapping {
    Mapping(
        pattern, to: route, subject: subject, subjectID: ["$.data.id"], actorID: actorID, actorEmail: email, reason: reason,
        data: .object(at: "$.data.object"))
}
