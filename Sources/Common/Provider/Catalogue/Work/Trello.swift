extension Provider {
    /// https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/: the callback URL follows the body, to the letter as it was
    /// given.
    static let trello = Provider(
        "trello", "Trello", Scheme(.hmac(.sha1), in: .header(["x-trello-webhook"]), .base64, over: [.body, .url])
    ) {
        $0.eventID = ["$.action.id"]
        $0.eventType = ["$.action.type"]
        $0.occurredAt = .rfc3339(["$.action.date"])  // unverified
        $0.handshakes = [.greeting]
        $0.answer = Acknowledgement(status: 200)
        $0.confidence = .docs
        $0.retries = "Three times, after 30, 60 and 120 s; after 30 days of failures it is switched off (told by others)."
        $0.setup = "POST /1/webhooks with callbackURL and idModel; the secret is the application's OAuth secret."
        $0.references = ["https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/"]
        $0.mappings = [
            Mapping(
                "*", to: .keep, subject: "model", subjectID: ["$.model.id"], actorID: ["$.action.idMemberCreator"],  // unverified
                actorName: ["$.action.memberCreator.username"], data: .object(at: "$.action"))
        ]
    }
}
