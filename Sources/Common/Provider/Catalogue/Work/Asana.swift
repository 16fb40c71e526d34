extension Provider {
    /// github.com/Asana/devrel-examples, `python/webhooks/webhook_inspector.py`.
    ///
    /// The secret comes with the first post and must be sent back; anybody can send such a post, so that it counts only while a webhook is
    /// being made. Each webhook has a secret of its own. An empty list comes every 8 hours.
    static let asana = Provider("asana", "Asana", Scheme(in: .header(["x-hook-signature"]))) {
        $0.events = "$.events"
        // Unverified: no id, but what, how, when and by whom; of one change to several fields each is an event.
        $0.eventID = ["$.resource.gid", "$.action", "$.created_at", "$.user.gid", "$.change.field", "$.parent.gid"]
        $0.eventType = ["$.resource.resource_type", "$.action"]
        $0.occurredAt = .rfc3339(["$.created_at"])
        $0.handshakes = [.echoSecretHeader("x-hook-secret")]
        $0.patience = .seconds(10)
        $0.retries = "For 24 hours, then the webhook is deleted (told by others)."
        $0.setup =
            "`gatepost secrets learn asana --tenant NAME`, then within 15 minutes POST /webhooks with resource and target. Asana hands the "
            + "secret over in its first post; each webhook has one of its own, and needs a window of its own."
        $0.references = [
            "https://developers.asana.com/docs/webhooks-guide",
            "github.com/Asana/devrel-examples python/webhooks/webhook_inspector.py",
        ]
        $0.mappings = [
            // Where the person stands is unverified.
            Mapping("*", to: .keep, subject: "resource", subjectID: ["$.resource.gid"], actorID: ["$.user.gid"], reason: ["$.change.field"])
        ]
    }
}
