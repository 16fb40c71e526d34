extension Provider {
    /// https://memberful.com/help/custom-development-and-api/webhook-event-reference
    static let memberful = Provider(
        "memberful", "Memberful", Scheme(in: .header(["x-memberful-webhook-signature"]))
    ) {
        // Neither id nor time of the event is sent: a later event whose every field is the same cannot be told from a retry.
        $0.eventID = ["$.event", .digest]
        $0.eventType = ["$.event"]
        $0.setup = "Settings > Webhooks > New webhook; the secret is the endpoint's webhook secret."
        $0.confidence = .secondary
        $0.references = ["https://memberful.com/help/custom-development-and-api/webhook-event-reference"]
        $0.mappings = memberfulMappings
    }
}

/// Where the person stands is unverified. Member events have their word behind `_`, the others behind a dot.
private let memberfulMappings: [Mapping] = [
    memberfulEvent("member_signup", action: "created"),
    memberfulEvent("member_updated", action: "updated"),
    memberfulEvent("member.deleted", action: "deleted"),
    memberfulEvent("member_deleted", action: "deleted"),
    Mapping("subscription_plan.*", to: .keep, subject: "plan", subjectID: ["$.subscription_plan.id", "$.subscription.id"]),
    Mapping(
        "subscription.*", to: .orderEvent, subject: "subscription", subjectID: ["$.subscription.id"],
        actorID: ["$.subscription.member.id", "$.member.id"], actorEmail: ["$.subscription.member.email", "$.member.email"],
        actorName: ["$.subscription.member.full_name", "$.member.full_name"], data: .object(at: "$.subscription")),
    Mapping(
        "order.*", to: .orderEvent, subject: "order", subjectID: ["$.order.uuid", "$.order.number"],
        actorID: ["$.order.member.id", "$.member.id"], actorEmail: ["$.order.member.email", "$.member.email"],
        actorName: ["$.order.member.full_name", "$.member.full_name"], reason: ["$.order.status"], data: .object(at: "$.order")),
]

private func memberfulEvent(_ pattern: EventPattern, action: String) -> Mapping {
    Mapping(
        pattern, to: .userSync, subject: "member", subjectID: ["$.member.id"], actorID: ["$.member.id"], actorEmail: ["$.member.email"],
        actorName: ["$.member.full_name", "$.member.first_name"], data: .object(at: "$.member"), action: action)
}
