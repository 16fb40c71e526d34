extension Provider {
    /// SampleApp-Webhooks-nodejs of Intuit, `util.js`; https://developer.intuit.com/app/developer/qbo/docs/develop/webhooks.
    ///
    /// Two shapes under one signature: entities within notifications, and since 2025 an array of CloudEvents.
    static let quickBooks = Provider("quickbooks", "QuickBooks Online", Scheme(in: .header(["intuit-signature"]), .base64)) {
        $0.events = "$.eventNotifications"
        $0.unfold = ["$.eventNotifications", "$.eventNotifications[0].dataChangeEvent.entities"]
        $0.otherEvents = "$"
        // The old shape has no id: company, entity, what happened to it and when.
        $0.eventID = [
            .firstOf(["$.id", "$.eventNotifications[0].realmId"]), quickBooksEntity("name"), quickBooksEntity("id"),
            quickBooksEntity("operation"), quickBooksEntity("lastUpdated"),
        ]
        $0.eventType = ["$.type", quickBooksEntity("name"), quickBooksEntity("operation")]  // unverified
        $0.occurredAt = .rfc3339(["$.time", quickBooksEntity("lastUpdated")])  // unverified
        $0.setup = "Developer portal > your app > Webhooks; the secret is the verifier token."
        $0.references = [
            "github:IntuitDeveloper/SampleApp-Webhooks-nodejs util/util.js", "python-quickbooks 0.9.12",
            "https://blogs.a.intuit.com/2025/11/12/upcoming-change-to-webhooks-payload-structure",
        ]
        // Thin: ids without a person's e-mail.
        $0.mappings = [
            quickBooksEvent("Customer.*", to: .userSync, subject: "customer", isPerson: true),
            quickBooksEvent("qbo.customer.*", to: .userSync, subject: "customer", isPerson: true),
            quickBooksEvent("Invoice.*", subject: "invoice"),
            quickBooksEvent("qbo.invoice.*", subject: "invoice"),
            quickBooksEvent("Payment.*", subject: "payment"),
            quickBooksEvent("qbo.payment.*", subject: "payment"),
            quickBooksEvent("SalesReceipt.*", subject: "sales_receipt"),
            quickBooksEvent("qbo.salesreceipt.*", subject: "sales_receipt"),
            quickBooksEvent("RefundReceipt.*", subject: "refund_receipt"),
            quickBooksEvent("qbo.refundreceipt.*", subject: "refund_receipt"),
            quickBooksEvent("*", to: .keep, subject: nil),
        ]
    }
}

private let quickBooksID: [JSONPath] = ["$.eventNotifications[0].dataChangeEvent.entities[0].id", "$.intuitentityid"]

private func quickBooksEntity(_ name: String) -> Provider.Piece {
    .json(JSONPath(stringLiteral: "$.eventNotifications[0].dataChangeEvent.entities[0].\(name)"))
}

private func quickBooksEvent(
    _ pattern: EventPattern, to route: Route = .orderEvent, subject: String?, isPerson: Bool = false
) -> Mapping {
    Mapping(pattern, to: route, subject: subject, subjectID: quickBooksID, actorID: isPerson ? quickBooksID : [])
}
