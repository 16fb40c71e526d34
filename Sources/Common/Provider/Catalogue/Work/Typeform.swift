extension Provider {
    /// https://www.typeform.com/developers/webhooks/secure-your-webhooks/: `sha256=` before base 64, not hex.
    static let typeform = Provider(
        "typeform", "Typeform", Scheme(in: .header(["typeform-signature"]), as: .whole(prefix: "sha256="), .base64)
    ) {
        $0.eventID = ["$.event_id"]
        $0.eventType = ["$.event_type"]
        $0.occurredAt = .rfc3339(["$.form_response.submitted_at"])  // unverified
        $0.confidence = .secondary
        $0.retries =
            "After 408, 423, 429 and 503 every few minutes for 10 hours, after others about 5 times; 404 and 410 switch the "
            + "webhook off at once."
        $0.setup = "The form > Connect > Webhooks > Edit; the secret as you type it there."
        $0.references = ["https://www.typeform.com/developers/webhooks/secure-your-webhooks/"]
        $0.mappings = [
            // Unverified: a hidden field says who it is, else the first question that asks for an e-mail address.
            Mapping(
                "form_response", to: .userSync, subject: "form", subjectID: ["$.form_response.form_id"],
                actorID: ["$.form_response.hidden.user_id"],
                actorEmail: ["$.form_response.hidden.email", "$.form_response.answers[?@.type=='email'].email"],
                actorName: ["$.form_response.hidden.name"], data: .object(at: "$.form_response"))
        ]
    }
}
