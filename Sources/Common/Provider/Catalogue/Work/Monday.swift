extension Provider {
    /// https://developer.monday.com/apps/docs/integration-authorization: webhooks that an app made carry a web token that expires. Others
    /// carry nothing, and are refused. Which HMAC it has was not read; it says so itself.
    static let monday = Provider("monday", "monday.com", Scheme(.jwt([.present("exp")]), in: .header(["authorization"]), over: [])) {
        $0.eventID = ["$.event.triggerUuid"]
        $0.eventType = ["$.event.type"]
        $0.occurredAt = .rfc3339(["$.event.triggerTime"])
        $0.handshakes = [.challenge(when: nil, at: "$.challenge", as: .json("challenge"), signed: false)]
        $0.answer = Acknowledgement(status: 200)
        $0.confidence = .secondary
        $0.retries = "Every minute for 30 minutes."
        $0.setup = "An app's create_webhook call; the secret is the app's signing secret, or its client secret."
        $0.unsigned = "The event: the token binds no body. Whoever reads one post in transit can send any other until it expires."
        $0.references = ["https://developer.monday.com/apps/docs/integration-authorization"]
        $0.mappings = [
            Mapping(
                "*", to: .keep, subject: "item", subjectID: ["$.event.pulseId"], actorID: ["$.event.userId"], data: .object(at: "$.event"))
        ]
    }
}
