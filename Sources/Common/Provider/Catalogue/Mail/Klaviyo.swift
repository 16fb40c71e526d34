extension Provider {
    /// https://developers.klaviyo.com/en/docs/working_with_system_webhooks; that the timestamp follows the body, and hex, is told by
    /// others.
    ///
    /// How the timestamp is written is documented nowhere; others saw an HTTP date. `Klaviyo-Webhook-Id` is the webhook's, not the
    /// delivery's. What a flow's "Webhook" action sends is not signed, and refused.
    static let klaviyo = Provider(
        "klaviyo", "Klaviyo system webhooks",
        Scheme(in: .header(["klaviyo-signature"]), over: [.body, .timestamp], at: .init(.header(["klaviyo-timestamp"]), .asItReads))
    ) {
        $0.events = "$.data"
        $0.eventID = ["$.external_id"]
        $0.eventType = ["$.topic"]
        $0.occurredAt = .rfc3339(["$.payload.data.attributes.datetime"])  // unverified
        $0.confidence = .docs
        $0.setup = """
            Made through the API (POST /api/webhooks) or, for CDP customers, under Integrations > Webhooks; the secret is the one given \
            there.
            """
        $0.references = [
            "https://developers.klaviyo.com/en/docs/working_with_system_webhooks", "https://developers.klaviyo.com/en/docs/system-webhooks",
        ]
        $0.mappings = [
            klaviyoProfile("event:klaviyo.subscribed_*", to: .userSync), klaviyoProfile("event:klaviyo.unsubscribed_*", to: .userSync),
            klaviyoProfile("event:klaviyo.marked_email_as_spam", to: .userSync), klaviyoProfile("*", to: .keep),
        ]
    }
}

/// Where the profile stands is unverified: the payload is that of the events API.
private func klaviyoProfile(_ pattern: EventPattern, to route: Route) -> Mapping {
    Mapping(
        pattern, to: route, subject: "profile", subjectID: ["$.payload.data.relationships.profile.data.id"],
        actorID: ["$.payload.data.relationships.profile.data.id"],
        actorEmail: ["$.payload.included[?@.type=='profile'].attributes.email"],
        actorName: ["$.payload.included[?@.type=='profile'].attributes.first_name"])
}
