extension Provider {
    /// https://dev.twitch.tv/docs/eventsub/handling-webhook-events/: ten minutes' window, a challenge to answer.
    static let twitch = Provider(
        "twitch", "Twitch EventSub",
        Scheme(
            in: .header(["twitch-eventsub-message-signature"]), as: .whole(prefix: "sha256="),
            over: [.header(["twitch-eventsub-message-id"]), .timestamp, .body],
            at: .init(.header(["twitch-eventsub-message-timestamp"]), .rfc3339, tolerance: .seconds(600)))
    ) {
        $0.eventID = ["twitch-eventsub-message-id"]
        $0.eventType = ["twitch-eventsub-message-type", "$.subscription.type"]
        $0.occurredAt = .rfc3339(["twitch-eventsub-message-timestamp"])
        // No other message has a challenge at its root.
        $0.handshakes = [.challenge(when: nil, at: "$.challenge", as: .text, signed: true)]
        $0.setup = "Create EventSub subscription with transport webhook; the secret is the one that you send along."
        $0.confidence = .secondary
        $0.references = ["https://dev.twitch.tv/docs/eventsub/handling-webhook-events/", "twitchAPI 4.5.0 (third party)"]
        $0.mappings = [
            twitchEvent("notification.channel.subscri*", to: .orderEvent, subject: "subscription"),  // subscribe, subscription.gift, …
            twitchEvent("notification.channel.cheer", to: .orderEvent, subject: "cheer"),
            twitchEvent("*", to: .keep, subject: nil),
        ]
    }
}

/// Where the person stands is unverified.
private func twitchEvent(_ pattern: EventPattern, to route: Route, subject: String?) -> Mapping {
    Mapping(
        pattern, to: route, subject: subject, subjectID: ["$.event.id", "$.subscription.id"], actorID: ["$.event.user_id"],
        actorName: ["$.event.user_name"], data: .object(at: "$.event"))
}
