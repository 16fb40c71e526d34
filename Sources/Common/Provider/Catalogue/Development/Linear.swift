extension Provider {
    /// github.com/linear/linear, `packages/sdk/src/webhooks/client.ts`.
    ///
    /// The time stands in the signed body. Linear's library does not look at it where it is missing or 0; we refuse that. It allows
    /// 60 s, we allow our own 300 s.
    static let linear = Provider(
        "linear", "Linear", Scheme(in: .header(["linear-signature"]), at: .init(.json("$.webhookTimestamp"), .milliseconds))
    ) {
        $0.eventID = ["linear-delivery"]
        $0.eventType = ["$.type", "$.action"]
        $0.occurredAt = .rfc3339(["$.createdAt"])
        $0.setup = "Settings > API > Webhooks > New; the secret is the webhook's signing secret."
        $0.references = ["https://linear.app/developers/webhooks", "github.com/linear/linear packages/sdk/src/webhooks/client.ts"]
        $0.mappings = [
            Mapping(
                "*", to: .keep, subjectID: ["$.data.id"], actorID: ["$.actor.id"], actorEmail: ["$.actor.email"],  // unverified
                actorName: ["$.actor.name"], data: .object(at: "$.data"))
        ]
    }
}
