extension Provider {
    /// github.com/getsentry/sentry-docs, `integration-platform/webhooks.mdx`.
    ///
    /// `Sentry-Hook-Timestamp` is not signed, so that it proves nothing and is not looked at. Sentry waits one second.
    static let sentry = Provider("sentry", "Sentry", Scheme(in: .header(["sentry-hook-signature"]))) {
        $0.eventID = ["request-id"]
        $0.eventType = ["sentry-hook-resource", "$.action"]
        $0.confidence = .docs
        $0.patience = .seconds(1)
        $0.setup = "Settings > Developer Settings > the integration > Webhook URL; the secret is its client secret."
        $0.references = ["https://docs.sentry.io/organization/integrations/integration-platform/webhooks/"]
        $0.mappings = [
            Mapping(
                "*", to: .keep, subjectID: ["$.data.issue.id"], actorID: ["$.actor.id"], actorName: ["$.actor.name"],
                data: .object(at: "$.data"))
        ]
    }
}
