extension Provider {
    /// https://developers.hubspot.com/docs/api/webhooks/validating-requests (signature v3).
    ///
    /// The URL is the public one; of its percent-escapes exactly these twelve are decoded before signing. A post is an array of up
    /// to 100 events. HubSpot says that `eventId` need not be unique, so subscription and object belong to the key.
    static let hubspot = Provider(
        source: SourceName(catalogue: "hubspot"), title: "HubSpot",
        scheme: Scheme(
            signature: .whole(header: "x-hubspot-signature-v3", prefix: ""),
            encoding: .base64,
            signed: [.method, .url, .body, .timestamp],
            timestamp: .init(header: "x-hubspot-request-timestamp", unit: .milliseconds),
            decodedEscapes: ["3A", "2F", "3F", "40", "21", "24", "27", "28", "29", "2A", "2C", "3B"]),
        contentTypes: ["application/json"],
        isArray: true,
        eventID: [.json("$.eventId"), .json("$.subscriptionId"), .json("$.objectId")],
        eventType: [.json("$.subscriptionType")],
        occurredAt: .milliseconds("$.occurredAt"),
        mappings: [
            hubspotContact("contact.propertyChange", data: .property(name: "$.propertyName", value: "$.propertyValue")),
            hubspotContact("contact.creation"),
            hubspotContact("contact.deletion"),
            hubspotContact("contact.*", to: .keep),
            hubspotOrder("deal.*", subject: "deal"),
            hubspotOrder("line_item.*", to: .keep, subject: "line_item"),
        ])
}

private func hubspotContact(_ pattern: EventPattern, to route: Route = .userSync, data: Mapping.Data = .whole) -> Mapping {
    Mapping(
        pattern, to: route, subject: "contact", subjectID: ["$.objectId"], actorID: ["$.objectId"],
        reason: ["$.changeSource"], data: data)
}

private func hubspotOrder(_ pattern: EventPattern, to route: Route = .orderEvent, subject: String) -> Mapping {
    Mapping(pattern, to: route, subject: subject, subjectID: ["$.objectId"], reason: ["$.changeSource"])
}
