extension Provider {
    /// https://docs.netlify.com/deploy/deploy-notifications/#payload-signature (told by others): a web token with HS256 whose claim holds
    /// the
    /// body's SHA-256. It does not expire; a deploy's id with its state and time is what makes an event.
    static let netlify = Provider(
        "netlify", "Netlify",
        Scheme(.jwt([.text("iss", "netlify"), .bodySHA256("sha256")]), in: .header(["x-webhook-signature"]), over: [])
    ) {
        // Unverified.
        $0.eventID = ["$.id", "$.state", .firstOf(["$.updated_at", "$.created_at"])]
        $0.eventType = [.firstOf(["x-netlify-event", "$.state"])]
        $0.occurredAt = .rfc3339(["$.updated_at", "$.created_at"])
        $0.confidence = .secondary
        $0.setup = "Project configuration > Notifications > HTTP POST request; the secret is the JWS secret token typed there."
        $0.references = [
            "https://docs.netlify.com/deploy/deploy-notifications/",
            "https://gitlab.com/jamietanna/www-api/-/merge_requests/158",
        ]
        $0.mappings = [
            Mapping(
                "submission_created", to: .userSync, subject: "submission", subjectID: ["$.id"], actorEmail: ["$.email"],
                actorName: ["$.name"]),
            Mapping("*", to: .keep, subject: "deploy", subjectID: ["$.id"], actorID: ["$.user_id"], reason: ["$.error_message"]),
        ]
    }
}
