extension Provider {
    /// telnyx 4.189.0, `telnyx/lib/webhook_verification.py`.
    static let telnyx = Provider(
        "telnyx", "Telnyx",
        Scheme(
            .ed25519, in: .header(["telnyx-signature-ed25519"]), .base64, over: [.timestamp, .literal("|"), .body],
            at: .init(.header(["telnyx-timestamp"]), .seconds))
    ) {
        $0.eventID = ["$.data.id"]  // unverified
        $0.eventType = ["$.data.event_type"]
        $0.occurredAt = .rfc3339(["$.data.occurred_at"])
        $0.setup = "Portal > API Keys > Public Key; the secret is that public key, base 64."
        $0.references = ["https://developers.telnyx.com/docs/messaging/webhooks", "telnyx 4.189.0 telnyx/lib/webhook_verification.py"]
        $0.mappings = [
            Mapping(
                "*", to: .keep, subjectID: ["$.data.payload.id", "$.data.payload.call_control_id"], data: .object(at: "$.data.payload"))
        ]
    }
}
