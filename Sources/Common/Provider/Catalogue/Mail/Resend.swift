extension Provider {
    /// resend 2.52.0, `resend/webhooks/_webhooks.py`: Standard Webhooks with Svix' header names.
    static let resend = Provider("resend", "Resend", .standardWebhooks(prefixes: ["svix"])) {
        $0.eventID = ["svix-id"]
        $0.eventType = ["$.type"]
        $0.occurredAt = .rfc3339(["$.created_at"])
        $0.setup = "Webhooks > Add; the secret is the signing secret, whsec_…."
        $0.references = [
            "https://resend.com/docs/dashboard/webhooks/verify-webhooks-requests",
            "resend 2.52.0 resend/webhooks/_webhooks.py",
        ]
        $0.mappings = [
            // Where a contact's id and names stand is unverified.
            Mapping(
                "contact.*", to: .userSync, subject: "contact", subjectID: ["$.data.id"], actorID: ["$.data.id"],
                actorEmail: ["$.data.email"],
                actorName: ["$.data.first_name"], data: .object(at: "$.data")),
            Mapping(
                "*", to: .keep, subject: "email", subjectID: ["$.data.email_id"], actorEmail: ["$.data.to[0]"],
                data: .object(at: "$.data")),
        ]
    }
}
