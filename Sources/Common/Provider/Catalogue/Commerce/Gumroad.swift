extension Provider {
    /// antiwork/gumroad, `post_to_individual_ping_endpoint_worker.rb` and `ping_notification.rb`.
    ///
    /// Nothing is signed. A retry adds the field `retry_count`, so that a digest would not know it again; ids name the sale or the
    /// subscription, and the times in what happened to it tell one cancellation from the next.
    static let gumroad = Provider("gumroad", "Gumroad", .unsigned) {
        $0.contentTypes = ["application/x-www-form-urlencoded": .form, "application/json": .json]
        $0.eventID = [
            .firstOf(["$.sale_id", "$.subscription_id", .digest]), "$.resource_name", "$.cancelled_at", "$.ended_at", "$.restarted_at",
            "$.effective_as_of",
        ]
        $0.eventType = ["$.resource_name"]
        $0.occurredAt = .rfc3339(["$.sale_timestamp", "$.created_at"])
        $0.patience = .seconds(5)
        $0.retries = "Three times within 14 minutes, and only after 499, 500, 502, 503 or 504."
        $0.setup =
            "Settings > Advanced > Ping endpoint, with an address that nobody guesses. There is no secret: say in the settings which "
            + "addresses may send (sources.gumroad.allow) and whose events they are (sources.gumroad.tenants). Confirm each sale through Gumroad's API before you rely on it."
        $0.unsigned = "Everything: Gumroad signs nothing, and a buyer's own form fields may overwrite Gumroad's."
        $0.references = [
            "github:antiwork/gumroad app/sidekiq/post_to_individual_ping_endpoint_worker.rb",
            "github:antiwork/gumroad app/modules/purchase/ping_notification.rb",
        ]
        $0.mappings = [
            gumroadEvent("subscription_*", subject: "subscription", id: ["$.subscription_id"]),
            gumroadEvent("cancellation", subject: "subscription", id: ["$.subscription_id"]),
            gumroadEvent("*", subject: "sale", id: ["$.sale_id"]),
        ]
    }
}

private func gumroadEvent(_ pattern: EventPattern, subject: String, id: [JSONPath]) -> Mapping {
    Mapping(
        pattern, to: .orderEvent, subject: subject, subjectID: id, actorID: ["$.purchaser_id", "$.user_id"],
        actorEmail: ["$.email", "$.user_email"], actorName: ["$.full_name"], reason: ["$.ended_reason", "$.type"])
}
