extension Provider {
    /// https://developer.xero.com/documentation/guides/webhooks/configuring-your-server/
    ///
    /// The key is the signing key's text. "Intent to receive": posts without events, some wrongly signed on purpose; right ones want an
    /// empty 200, wrong ones 401, or the webhook is never switched on.
    static let xero = Provider("xero", "Xero", Scheme(in: .header(["x-xero-signature"]), .base64)) {
        $0.events = "$.events"
        // No event id is sent: what happened to which object, and when.
        $0.eventID = ["$.resourceId", "$.eventCategory", "$.eventType", "$.eventDateUtc", "$.tenantId"]
        $0.eventType = ["$.eventCategory", "$.eventType"]
        $0.occurredAt = .utc(["$.eventDateUtc"])
        $0.answer = Acknowledgement(status: 200)
        $0.refusesBare = true
        $0.setup = "Developer portal > your app > Webhooks; the secret is the webhooks key."
        $0.confidence = .secondary
        $0.references = [
            "https://developer.xero.com/documentation/guides/webhooks/configuring-your-server/",
            "github:hookdeck/webhook-skills providers.yaml",
        ]
        $0.mappings = [
            Mapping("CONTACT.*", to: .userSync, subject: "contact", subjectID: ["$.resourceId"], actorID: ["$.resourceId"]),
            Mapping("INVOICE.*", to: .orderEvent, subject: "invoice", subjectID: ["$.resourceId"]),
            Mapping("*", to: .keep, subjectID: ["$.resourceId"]),
        ]
    }
}
