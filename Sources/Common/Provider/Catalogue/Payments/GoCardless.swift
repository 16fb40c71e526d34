extension Provider {
    /// https://developer.gocardless.com/api-reference/#webhooks-overview and gocardless-pro 3.22.0, `webhooks.py`. Many events a post.
    static let goCardless = Provider("gocardless", "GoCardless", Scheme(in: .header(["webhook-signature"]))) {
        $0.events = "$.events"
        $0.eventID = ["$.id"]
        $0.eventType = ["$.resource_type", "$.action"]
        $0.occurredAt = .rfc3339(["$.created_at"])
        $0.setup = "Developers > Create > Webhook endpoint; the secret is the endpoint's."
        $0.references = ["gocardless-pro 3.22.0 gocardless_pro/webhooks.py"]
        $0.mappings = [
            // Links alone: the customer's id, no e-mail.
            goCardlessEvent("customers.*", to: .userSync, subject: "customer", id: "$.links.customer"),
            goCardlessEvent("payments.*", subject: "payment", id: "$.links.payment"),
            goCardlessEvent("refunds.*", subject: "refund", id: "$.links.refund"),
            goCardlessEvent("subscriptions.*", subject: "subscription", id: "$.links.subscription"),
            goCardlessEvent("mandates.*", subject: "mandate", id: "$.links.mandate"),
            goCardlessEvent("billing_requests.*", subject: "billing_request", id: "$.links.billing_request"),
            goCardlessEvent("*", to: .keep, subject: nil, id: nil),
        ]
    }
}

private func goCardlessEvent(_ pattern: EventPattern, to route: Route = .orderEvent, subject: String?, id: JSONPath?) -> Mapping {
    Mapping(
        pattern, to: route, subject: subject, subjectID: id.map { [$0] } ?? [], actorID: ["$.links.customer"],
        reason: ["$.details.cause", "$.details.reason_code"])
}
