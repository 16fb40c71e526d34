extension Provider {
    /// discord/discord-api-docs, `webhook-events.mdx`, and discord-interactions 0.4.0.
    ///
    /// Discord probes an address with wrong signatures and drops it unless they are answered 401. It is meant for webhook events:
    /// interactions are stored too, but their users want an answer that only an application has.
    static let discord = Provider(
        "discord", "Discord",
        Scheme(
            .ed25519, in: .header(["x-signature-ed25519"]), .hexAnyCase, over: [.timestamp, .body],
            at: .init(.header(["x-signature-timestamp"]), .seconds))
    ) {
        // Webhook events have no id; their time goes to the microsecond, so that the digest swallows no honest repeat.
        $0.eventID = [.firstOf(["$.id", .digest])]
        $0.eventType = [.firstOf(["$.event.type", "$.type"])]
        $0.occurredAt = .utc(["$.event.timestamp"])
        $0.handshakes = [
            .event(path: "$.type", equals: "0", answer: discordAnswer),
            .eventWith(
                beside: "$.token", path: "$.type", equals: "1",
                answer: Acknowledgement(status: 200, contentType: "application/json", body: #"{"type":1}"#)),
        ]
        $0.answer = discordAnswer
        $0.patience = .seconds(3)
        $0.retries = "For up to 10 minutes, ever more slowly."
        $0.setup = "Developer Portal > the application > Webhooks > Endpoint; the secret is the application's public key."
        $0.references = ["https://docs.discord.com/developers/events/webhook-events", "discord-interactions 0.4.0"]
        $0.mappings = [
            // Where the person stands is unverified; the e-mail comes with a scope of its own.
            Mapping(
                "APPLICATION_AUTHORIZED", to: .userSync, subject: "user", subjectID: ["$.event.data.user.id"],
                actorID: ["$.event.data.user.id"], actorEmail: ["$.event.data.user.email"], actorName: ["$.event.data.user.username"],
                data: .object(at: "$.event.data")),
            Mapping(
                "ENTITLEMENT_*", to: .orderEvent, subject: "entitlement", subjectID: ["$.event.data.id"], actorID: ["$.event.data.user_id"],
                data: .object(at: "$.event.data")),
            Mapping("*", to: .keep, actorID: ["$.event.data.user.id", "$.member.user.id", "$.user.id"]),
        ]
    }
}

/// Nothing, and yet of a type, as its documents ask for.
private let discordAnswer = Acknowledgement(status: 204, contentType: "application/json")
