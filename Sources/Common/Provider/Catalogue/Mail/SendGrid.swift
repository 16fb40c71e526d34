extension Provider {
    /// sendgrid 6.12.5, `sendgrid/helpers/eventwebhook/__init__.py`. ECDSA: for one signature there is always a second that verifies as
    /// well.
    static let sendgrid = Provider(
        "sendgrid", "SendGrid Event Webhook",
        Scheme(
            .ecdsaP256, in: .header(["x-twilio-email-event-webhook-signature"]), .base64, over: [.timestamp, .body],
            at: .init(.header(["x-twilio-email-event-webhook-timestamp"]), .seconds))
    ) {
        $0.events = "$"
        $0.eventID = ["$.sg_event_id"]
        $0.eventType = ["$.event"]
        $0.occurredAt = .seconds(["$.timestamp"])
        $0.setup = "Settings > Mail Settings > Event Webhook > Signed; the secret is the verification key shown there, a public key."
        $0.references = [
            "https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features",
            "sendgrid 6.12.5 sendgrid/helpers/eventwebhook/__init__.py",
        ]
        $0.mappings = [
            sendgridRecipient("unsubscribe", to: .userSync), sendgridRecipient("group_*", to: .userSync),
            sendgridRecipient("spamreport", to: .userSync), sendgridRecipient("bounce", to: .userSync), sendgridRecipient("*", to: .keep),
        ]
    }
}

private func sendgridRecipient(_ pattern: EventPattern, to route: Route) -> Mapping {
    Mapping(
        pattern, to: route, subject: "recipient", subjectID: ["$.email"], actorEmail: ["$.email"], reason: ["$.reason"])
}
