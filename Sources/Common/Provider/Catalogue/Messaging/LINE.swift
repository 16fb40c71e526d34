extension Provider {
    /// line-bot-sdk 3.27.0, `linebot/v3/webhook.py`. The console's "Verify" posts an empty list of events, signed. A post sent again keeps
    /// its ids.
    static let line = Provider("line", "LINE Messaging API", Scheme(in: .header(["x-line-signature"]), .base64)) {
        $0.events = "$.events"
        $0.eventID = ["$.webhookEventId"]
        $0.eventType = ["$.type"]
        $0.occurredAt = .milliseconds(["$.timestamp"])
        $0.setup = "LINE Developers > the channel > Messaging API > Webhook URL; the secret is the channel secret."
        $0.references = [
            "https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/",
            "line-bot-sdk 3.27.0 linebot/v3/webhook.py",
        ]
        $0.mappings = [
            lineFriend("follow"), lineFriend("unfollow"), Mapping("*", to: .keep, actorID: ["$.source.userId"]),
        ]
    }
}

private func lineFriend(_ type: EventPattern) -> Mapping {
    Mapping(type, to: .userSync, subject: "friend", subjectID: ["$.source.userId"], actorID: ["$.source.userId"])
}
