extension Provider {
    /// Told by hookdeck/webhook-skills, which quotes FastSpring's documents: several events under one signature; the id stays the same on an
    /// automatic retry and is new on a manual one.
    static let fastSpring = Provider("fastspring", "FastSpring", Scheme(in: .header(["x-fs-signature"]), .base64)) {
        $0.events = "$.events"
        $0.eventID = ["$.id"]
        $0.eventType = ["$.type"]
        $0.occurredAt = .milliseconds(["$.created"])
        $0.setup = "Developer Tools > Webhooks > Configuration; the secret is the HMAC SHA256 secret that you type there."
        $0.confidence = .secondary
        $0.references = ["github:hookdeck/webhook-skills providers.yaml"]
        $0.mappings = [
            Mapping(  // unverified
                "account.*", to: .userSync, subject: "account", subjectID: ["$.data.id", "$.data.account"],
                actorID: ["$.data.id", "$.data.account"],
                actorEmail: ["$.data.contact.email"], actorName: ["$.data.contact.first"], data: .object(at: "$.data")),
            fastSpringEvent("order.*", subject: "order"),
            fastSpringEvent("subscription.*", subject: "subscription"),
            fastSpringEvent("return.*", subject: "return"),
            fastSpringEvent("*", to: .keep, subject: nil),
        ]
    }
}

/// Where the person stands is unverified: an account is its id, or an object where expansion is on.
private func fastSpringEvent(_ pattern: EventPattern, to route: Route = .orderEvent, subject: String?) -> Mapping {
    Mapping(
        pattern, to: route, subject: subject, subjectID: ["$.data.id", "$.data.order", "$.data.subscription", "$.data.return"],
        actorID: ["$.data.account.id", "$.data.account"],
        actorEmail: ["$.data.customer.email", "$.data.account.contact.email", "$.data.recipients[0].recipient.email"],
        actorName: ["$.data.customer.first", "$.data.account.contact.first"], reason: ["$.data.reason", "$.data.state"],
        data: .object(at: "$.data"))
}
