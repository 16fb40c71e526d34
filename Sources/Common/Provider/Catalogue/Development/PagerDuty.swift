extension Provider {
    /// github.com/PagerDuty/go-pagerduty, `webhookv3/webhookv3.go`: any `v1` of the list; other versions are passed over.
    static let pagerduty = Provider(
        "pagerduty", "PagerDuty", Scheme(in: .header(["x-pagerduty-signature"]), as: .list(separator: ",", prefix: "v1="), .hexAnyCase)
    ) {
        // Unverified, all three.
        $0.eventID = ["$.event.id"]
        $0.eventType = ["$.event.event_type"]
        $0.occurredAt = .rfc3339(["$.event.occurred_at"])
        $0.setup = "Integrations > Generic Webhooks (v3) > New; the secret is shown once, when it is made."
        $0.references = [
            "https://developer.pagerduty.com/docs/verifying-webhook-signatures",
            "github.com/PagerDuty/go-pagerduty webhookv3/webhookv3.go",
        ]
        $0.mappings = [
            Mapping(
                "*", to: .keep, subject: "incident", subjectID: ["$.event.data.id"], actorID: ["$.event.agent.id"],  // unverified
                actorName: ["$.event.agent.summary"], data: .object(at: "$.event.data"))
        ]
    }
}
