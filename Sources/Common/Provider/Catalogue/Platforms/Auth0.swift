extension Provider {
    /// https://auth0.com/docs/customize/log-streams/custom-log-streams: the Authorization value that you typed, sent as it is.
    static let auth0 = Provider("auth0", "Auth0 log streams", Scheme(.token, in: .header(["authorization"]))) {
        $0.events = "$"
        $0.eventID = ["$.log_id"]  // unverified, as are type, time and person
        $0.eventType = ["$.data.type"]
        $0.occurredAt = .rfc3339(["$.data.date"])
        $0.setup =
            "Monitoring > Streams > Custom webhook, content type application/json, content format JSON Array; the secret is the "
            + "whole authorization token that you type there."
        $0.unsigned = "Everything: the token comes with each post and signs nothing."
        $0.confidence = .secondary
        $0.references = [
            "https://auth0.com/docs/customize/log-streams/custom-log-streams", "github:hookdeck/webhook-skills providers.yaml",
        ]
        $0.mappings = [
            auth0Event("ss", to: .userSync, action: "created"),  // a sign-up that worked
            auth0Event("sdu", to: .userSync, action: "deleted"),
            auth0Event("sce", to: .userSync, action: "updated"),  // changed the e-mail
            auth0Event("*", to: .keep, action: nil),
        ]
    }
}

private func auth0Event(_ pattern: EventPattern, to route: Route, action: String?) -> Mapping {
    Mapping(
        pattern, to: route, subject: "user", subjectID: ["$.data.user_id"], actorID: ["$.data.user_id"], actorEmail: ["$.data.user_name"],
        reason: ["$.data.description"], data: .object(at: "$.data"), action: action)
}
