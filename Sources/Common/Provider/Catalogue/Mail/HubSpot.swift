extension Provider {
    /// https://developers.hubspot.com/docs/api/webhooks/validating-requests (signature v3).
    ///
    /// The URL is the public one; of its percent-escapes exactly these twelve are decoded before signing. A post is an array of up
    /// to 100 events. HubSpot says that `eventId` need not be unique, so subscription and object belong to the key.
    static let hubspot = Provider(
        "hubspot", "HubSpot",
        Scheme(
            in: .header(["x-hubspot-signature-v3"]), .base64, over: [.method, .url, .body, .timestamp],
            at: .init(.header(["x-hubspot-request-timestamp"]), .milliseconds),
            url: .decoding(["3A", "2F", "3F", "40", "21", "24", "27", "28", "29", "2A", "2C", "3B"]))
    ) {
        hubspotEvents(&$0)
        $0.olderSchemes = [hubspotSchemeV2, hubspotSchemeV1]
    }

    /// The signature before v3, for apps that have not changed: a plain hash, without time. Accept it only where v3 is not sent.
    static let hubspotV1 = Provider("hubspot-v1", "HubSpot, signature v1", hubspotSchemeV1, configure: hubspotEvents)

    static let hubspotV2 = Provider("hubspot-v2", "HubSpot, signature v2", hubspotSchemeV2, configure: hubspotEvents)
}

private let hubspotSchemeV1 = Scheme(
    .digest(.sha256), in: .header(["x-hubspot-signature"]), over: [.secret, .body], onlyWhen: ("x-hubspot-signature-version", "v1"))

private let hubspotSchemeV2 = Scheme(
    .digest(.sha256), in: .header(["x-hubspot-signature"]), over: [.secret, .method, .url, .body],
    onlyWhen: ("x-hubspot-signature-version", "v2"))

private func hubspotEvents(_ provider: inout Provider) {
    provider.events = "$"
    provider.eventID = ["$.eventId", "$.subscriptionId", "$.objectId"]
    provider.eventType = ["$.subscriptionType"]
    provider.occurredAt = .milliseconds(["$.occurredAt"])
    provider.state = StatePlaces(
        type: "$.subscriptionType", object: "$.objectId", property: "$.propertyName", moment: "$.occurredAt")
    provider.setup = "App > Webhooks > target URL; the secret is the app's client secret."
    provider.references = ["https://developers.hubspot.com/docs/api/webhooks/validating-requests", "hubspot-api-client 12.0.0"]
    provider.mappings = [
        hubspotContact("contact.propertyChange", data: .property(name: "$.propertyName", value: "$.propertyValue")),
        hubspotContact("contact.creation"),
        hubspotContact("contact.deletion"),
        hubspotContact("contact.*", to: .keep),
        hubspotOrder("deal.*", subject: "deal"),
        hubspotOrder("line_item.*", to: .keep, subject: "line_item"),
    ]
}

private func hubspotContact(_ pattern: EventPattern, to route: Route = .userSync, data: Mapping.Data = .whole) -> Mapping {
    Mapping(
        pattern, to: route, subject: "contact", subjectID: ["$.objectId"], actorID: ["$.objectId"],
        reason: ["$.changeSource"], data: data)
}

private func hubspotOrder(_ pattern: EventPattern, to route: Route = .orderEvent, subject: String) -> Mapping {
    Mapping(pattern, to: route, subject: subject, subjectID: ["$.objectId"], reason: ["$.changeSource"])
}
