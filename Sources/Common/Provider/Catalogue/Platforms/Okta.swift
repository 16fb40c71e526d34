extension Provider {
    /// https://developer.okta.com/docs/concepts/event-hooks/: a header that you choose, a greeting by GET, at most one retry, 3 s to answer.
    static let okta = Provider("okta", "Okta event hooks", Scheme(.token, in: .header(["authorization"]))) {
        $0.events = "$.data.events"
        $0.eventID = ["$.uuid"]
        $0.eventType = ["$.eventType"]
        $0.occurredAt = .rfc3339(["$.published"])
        $0.handshakes = [.echoHeader("x-okta-verification-challenge", as: "verification")]
        $0.answer = Acknowledgement(status: 204)  // 200 or 204, and an empty body
        $0.patience = .seconds(3)
        $0.retries = "Once at most, and not after 4xx."
        $0.setup = "Workflow > Event Hooks > Create; authentication field Authorization, the secret is its value as you type it there."
        $0.unsigned = "Everything: the token comes with each post and signs nothing."
        $0.confidence = .docs
        $0.references = ["github:okta/okta-developer-docs docs/concepts/event-hooks/index.md"]
        $0.mappings = [
            oktaUser("user.lifecycle.create", action: "created"),
            oktaUser("user.lifecycle.delete.*", action: "deleted"),
            oktaUser("user.lifecycle.*", action: nil),
            oktaUser("user.account.update_profile", action: "updated"),
            Mapping(
                "*", to: .keep, subjectID: ["$.target[0].id"], actorID: ["$.actor.id"], actorEmail: ["$.actor.alternateId"],
                actorName: ["$.actor.displayName"]),
        ]
    }
}

/// In lifecycle events the actor is who did it, often an administrator; whom it happened to is the first target.
private func oktaUser(_ pattern: EventPattern, action: String?) -> Mapping {
    Mapping(
        pattern, to: .userSync, subject: "user", subjectID: ["$.target[0].id"], actorID: ["$.target[0].id"],
        actorEmail: ["$.target[0].alternateId"], actorName: ["$.target[0].displayName"], reason: ["$.outcome.reason", "$.outcome.result"],
        action: action)
}
