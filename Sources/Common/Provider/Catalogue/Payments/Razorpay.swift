extension Provider {
    /// razorpay 2.0.1, `utility.py`: the webhook's own secret, not the API's.
    static let razorpay = Provider("razorpay", "Razorpay", Scheme(in: .header(["x-razorpay-signature"]))) {
        $0.eventID = ["x-razorpay-event-id"]  // unverified, and not signed: the body's digest is claimed too
        $0.eventType = ["$.event"]
        $0.occurredAt = .seconds(["$.created_at"])  // unverified
        $0.setup = "Account & Settings > Webhooks > Add new webhook; the secret as you type it there."
        $0.unsigned = "The event's id is a header and not signed."
        $0.references = ["razorpay 2.0.1 razorpay/utility/utility.py"]
        $0.mappings = [
            razorpayEvent("subscription.*", subject: "subscription", id: ["$.payload.subscription.entity.id"]),
            razorpayEvent("refund.*", subject: "refund", id: ["$.payload.refund.entity.id"]),
            razorpayEvent("invoice.*", subject: "invoice", id: ["$.payload.invoice.entity.id"]),
            razorpayEvent("order.*", subject: "order", id: ["$.payload.order.entity.id"]),
            razorpayEvent("payment*", subject: "payment", id: ["$.payload.payment.entity.id", "$.payload.payment_link.entity.id"]),
            razorpayEvent("*", to: .keep, subject: nil, id: []),
        ]
    }
}

/// Where the person stands is unverified.
private func razorpayEvent(_ pattern: EventPattern, to route: Route = .orderEvent, subject: String?, id: [JSONPath]) -> Mapping {
    Mapping(
        pattern, to: route, subject: subject, subjectID: id,
        actorID: [
            "$.payload.payment.entity.customer_id", "$.payload.subscription.entity.customer_id", "$.payload.invoice.entity.customer_id",
        ],
        actorEmail: ["$.payload.payment.entity.email", "$.payload.invoice.entity.customer_details.email"],
        reason: ["$.payload.payment.entity.error_reason", "$.payload.payment.entity.status"], data: .object(at: "$.payload"))
}
