extension Provider {
    /// https://support.thinkific.dev/hc/en-us/articles/4422685850775: only webhooks made through the API are signed.
    static let thinkific = Provider("thinkific", "Thinkific", Scheme(in: .header(["x-thinkific-hmac-sha256"]))) {
        // The facts name no id; `$.id` is unverified, and without it the body's digest (its created_at is within) stands in.
        $0.eventID = [.firstOf(["$.id", .digest])]
        $0.eventType = [.firstOf(["x-thinkific-topic", "$.topic"])]
        $0.nonceHeaders = ["x-thinkific-topic"]
        $0.occurredAt = .rfc3339(["$.created_at"])  // unverified
        $0.setup = "Make the webhook through the API; the secret is the site's API key, or the app's client secret."
        $0.confidence = .secondary
        $0.references = ["https://support.thinkific.dev/hc/en-us/articles/4422685850775"]
        $0.mappings = [
            thinkificEvent("user.*", to: .userSync, subject: "user"),
            thinkificEvent("order.*", to: .orderEvent, subject: "order"),
            thinkificEvent("order_transaction.*", to: .orderEvent, subject: "transaction"),
            thinkificEvent("subscription.*", to: .orderEvent, subject: "subscription"),
            thinkificEvent("enrollment.*", to: .orderEvent, subject: "enrollment"),
            thinkificEvent("*", to: .keep, subject: nil),
        ]
    }
}

/// Where the person stands is unverified: the payload itself in user events, its `user` elsewhere.
private func thinkificEvent(_ pattern: EventPattern, to route: Route, subject: String?) -> Mapping {
    let isUser = subject == "user"
    return Mapping(
        pattern, to: route, subject: subject, subjectID: ["$.payload.id"],
        actorID: isUser ? ["$.payload.user.id", "$.payload.id"] : ["$.payload.user.id"],
        actorEmail: ["$.payload.user.email", "$.payload.email"], actorName: ["$.payload.user.first_name", "$.payload.first_name"],
        reason: ["$.payload.status"], data: .object(at: "$.payload"))
}
