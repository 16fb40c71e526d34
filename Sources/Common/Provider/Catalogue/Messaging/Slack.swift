extension Provider {
    /// https://docs.slack.dev/authentication/verifying-requests-from-slack and slack_sdk 3.47.0, `slack_sdk/signature/__init__.py`.
    ///
    /// The signing secret looks like hex and is used as the text it is. Slack waits 3 s, and wants an empty 200 to interactions; what a
    /// command is answered with is shown to its user.
    static let slack = Provider(
        "slack", "Slack",
        Scheme(
            in: .header(["x-slack-signature"]), as: .whole(prefix: "v0="), over: [.literal("v0:"), .timestamp, .literal(":"), .body],
            at: .init(.header(["x-slack-request-timestamp"]), .seconds))
    ) {
        $0.contentTypes["application/x-www-form-urlencoded"] = .formFieldOrForm("payload")
        // Unverified: the Events API has an id, the same when sent again; commands and interactions have a trigger.
        $0.eventID = [.firstOf(["$.event_id", "$.trigger_id", .digest])]
        $0.eventType = [.firstOf(["$.event.type", "$.command", "$.type"])]
        $0.occurredAt = .seconds(["$.event_time", "$.action_ts"])  // unverified
        $0.handshakes = [.challenge(when: ("$.type", "url_verification"), at: "$.challenge", as: .text, signed: true)]
        $0.answer = Acknowledgement(status: 200)
        $0.patience = .seconds(3)
        $0.retries = "Three times (unverified)."
        $0.setup = "The app > Basic Information > Signing Secret; the URL goes to Event Subscriptions, Interactivity or Slash Commands."
        $0.references = [
            "https://docs.slack.dev/authentication/verifying-requests-from-slack", "slack_sdk 3.47.0 slack_sdk/signature/__init__.py",
        ]
        $0.mappings = [
            slackMember("team_join", action: "created"), slackMember("user_change", action: "updated"), slackMember("*", to: .keep),
        ]
    }
}

/// Where the person stands is unverified: an object in what is about people, an id elsewhere.
private func slackMember(_ pattern: EventPattern, to route: Route = .userSync, action: String? = nil) -> Mapping {
    Mapping(
        pattern, to: route, subject: "member", subjectID: ["$.event.user.id"],
        actorID: ["$.event.user.id", "$.event.user", "$.user.id", "$.user_id"], actorEmail: ["$.event.user.profile.email"],
        actorName: ["$.event.user.real_name", "$.event.user.name", "$.user.name", "$.user_name"], action: action)
}
