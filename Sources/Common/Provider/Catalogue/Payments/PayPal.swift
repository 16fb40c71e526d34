extension Provider {
    /// https://developer.paypal.com/api/rest/webhooks/rest/ and paypalrestsdk 1.13.3, `notifications.py`.
    ///
    /// The "secret" is the webhook's id. The certificate comes from PAYPAL-CERT-URL, which is judged before it is looked up; PayPal's own
    /// library fetches any. The body is bound by its CRC-32 alone.
    static let payPal = Provider(
        "paypal", "PayPal",
        Scheme(
            .certificate(.payPal), in: .header(["paypal-transmission-sig"]), .base64,
            over: [.header(["paypal-transmission-id"]), .literal("|"), .timestamp, .literal("|"), .secret, .literal("|"), .bodyCRC32],
            at: .init(.header(["paypal-transmission-time"]), .rfc3339))
    ) {
        $0.eventID = ["$.id"]
        $0.eventType = ["$.event_type"]
        $0.occurredAt = .rfc3339(["$.create_time"])
        $0.retries = "Up to 25 times within three days."
        $0.setup =
            "Apps & Credentials > your app > Webhooks > Add webhook (https, port 443); the secret is the webhook id shown there. "
            + "The first event is answered 503 while gatepost-worker fetches PayPal's certificate; PayPal sends it again."
        $0.unsigned =
            "The body is bound by CRC-32 only: whoever captures one delivery can alter its body so that the sum stays. Confirm "
            + "payments through PayPal's API."
        $0.references = ["https://developer.paypal.com/api/rest/webhooks/rest/", "paypalrestsdk 1.13.3 paypalrestsdk/notifications.py"]
        $0.mappings = payPalMappings
    }
}

/// Where the person stands is unverified; it differs by resource.
private let payPalMappings: [Mapping] = [
    payPalEvent("BILLING.SUBSCRIPTION.*", subject: "subscription", reason: ["$.resource.status_change_note", "$.resource.status"]),
    payPalEvent("BILLING.PLAN.*", to: .keep, subject: "plan"),
    payPalEvent("CHECKOUT.ORDER.*", subject: "order", reason: ["$.resource.status"]),
    payPalEvent(
        "PAYMENT.*", subject: "payment", reason: ["$.resource.status_details.reason", "$.resource.reason_code", "$.resource.status"]),
    payPalEvent("CUSTOMER.DISPUTE.*", subject: "dispute", id: ["$.resource.dispute_id", "$.resource.id"], reason: ["$.resource.reason"]),
    payPalEvent("INVOICING.INVOICE.*", subject: "invoice", id: ["$.resource.invoice.id", "$.resource.id"]),
    payPalEvent("*", to: .keep, subject: nil),
]

private func payPalEvent(
    _ pattern: EventPattern, to route: Route = .orderEvent, subject: String?, id: [JSONPath] = ["$.resource.id"], reason: [JSONPath] = []
) -> Mapping {
    Mapping(
        pattern, to: route, subject: subject, subjectID: id,
        actorID: [
            "$.resource.payer.payer_id", "$.resource.subscriber.payer_id", "$.resource.payer.payer_info.payer_id",
            "$.resource.disputed_transactions[0].buyer.payer_id",
        ],
        actorEmail: [
            "$.resource.payer.email_address", "$.resource.subscriber.email_address", "$.resource.payer.payer_info.email",
            "$.resource.invoice.primary_recipients[0].billing_info.email_address",
        ],
        actorName: ["$.resource.payer.name.given_name", "$.resource.subscriber.name.given_name", "$.resource.payer.payer_info.first_name"],
        reason: reason, data: .object(at: "$.resource"))
}
