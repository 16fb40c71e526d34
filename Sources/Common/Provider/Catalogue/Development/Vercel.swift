extension Provider {
    /// https://vercel.com/docs/observability/webhooks (the signature told by others).
    static let vercel = Provider("vercel", "Vercel", Scheme(.hmac(.sha1), in: .header(["x-vercel-signature"]))) {
        // Unverified but for the time, the person included.
        $0.eventID = ["$.id"]
        $0.eventType = ["$.type"]
        $0.occurredAt = .milliseconds(["$.createdAt"])
        $0.confidence = .secondary
        $0.patience = .seconds(30)
        $0.retries = "For up to 24 hours, ever more slowly."
        $0.setup = "Team Settings > Webhooks > Create; the secret is shown once. An integration's webhooks use its client secret."
        $0.references = ["https://vercel.com/docs/webhooks/webhooks-api"]
        $0.mappings = [
            Mapping(
                "*", to: .keep, subject: "deployment", subjectID: ["$.payload.deployment.id"], actorID: ["$.payload.user.id"],
                data: .object(at: "$.payload"))
        ]
    }
}
