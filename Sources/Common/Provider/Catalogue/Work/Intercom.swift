extension Provider {
    /// https://developers.intercom.com/docs/references/webhooks/webhook-models
    ///
    /// `X-Hub-Signature` is SHA-1 here and SHA-256 elsewhere. Intercom sends again once, a minute later, with the same id.
    static let intercom = Provider(
        "intercom", "Intercom", Scheme(.hmac(.sha1), in: .header(["x-hub-signature"]), as: .whole(prefix: "sha1="))
    ) {
        $0.eventID = ["$.id"]
        $0.eventType = ["$.topic"]
        $0.occurredAt = .seconds(["$.created_at"])
        $0.handshakes = [.event(path: "$.topic", equals: "ping", answer: Acknowledgement(status: 200))]
        $0.confidence = .docs
        $0.patience = .seconds(5)
        $0.retries = "Once, a minute later; 410 ends the subscription."
        $0.setup = "Developer Hub > the app > Webhooks; the secret is the app's client secret."
        $0.references = ["https://developers.intercom.com/docs/references/webhooks/webhook-models"]
        $0.mappings = [
            intercomContact("contact.*", to: .userSync), intercomContact("user.*", to: .userSync),
            Mapping(
                "conversation.*", to: .keep, subject: "conversation", subjectID: ["$.data.item.id"],
                actorID: ["$.data.item.source.author.id"],
                actorEmail: ["$.data.item.source.author.email"], actorName: ["$.data.item.source.author.name"],
                data: .object(at: "$.data.item")),
        ]
    }
}

/// Where the person stands is unverified.
private func intercomContact(_ pattern: EventPattern, to route: Route) -> Mapping {
    Mapping(
        pattern, to: route, subject: "contact", subjectID: ["$.data.item.id", "$.data.item.contact.id"],
        actorID: ["$.data.item.id", "$.data.item.contact.id"], actorEmail: ["$.data.item.email", "$.data.item.contact.email"],
        actorName: ["$.data.item.name", "$.data.item.contact.name"], data: .object(at: "$.data.item"))
}
