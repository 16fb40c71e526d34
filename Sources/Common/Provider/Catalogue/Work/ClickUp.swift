extension Provider {
    /// https://developer.clickup.com/docs/webhooksignature. It asks the address for nothing beforehand; it wants a 2xx within 7 s.
    static let clickup = Provider("clickup", "ClickUp", Scheme(in: .header(["x-signature"]))) {
        // Unverified. One change makes several events (`taskUpdated`, `taskStatusUpdated`) with one history item.
        $0.eventID = ["$.history_items[0].id", "$.event", "$.webhook_id"]
        $0.eventType = ["$.event"]
        $0.occurredAt = .milliseconds(["$.history_items[0].date"])
        $0.confidence = .docs
        $0.patience = .seconds(7)
        $0.retries = "Up to 5 times an event; 410 switches the webhook off at once."
        $0.setup = "POST /team/{id}/webhook; the secret is webhook.secret of the answer."
        $0.references = ["https://developer.clickup.com/docs/webhooksignature", "https://developer.clickup.com/docs/webhookhealth"]
        $0.mappings = [
            Mapping(
                "*", to: .keep, subject: "task", subjectID: ["$.task_id"], actorID: ["$.history_items[0].user.id"],  // unverified
                actorEmail: ["$.history_items[0].user.email"], actorName: ["$.history_items[0].user.username"])
        ]
    }
}
