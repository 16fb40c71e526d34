extension Provider {
    /// https://developers.activecampaign.com/page/webhooks: a form, sent once or, rarely, twice. Nothing is said of a signature.
    static let activeCampaign = Provider("activecampaign", "ActiveCampaign", .unsigned) {
        $0.contentTypes = ["application/x-www-form-urlencoded": .form]
        // No id: what is sent twice is the same to the byte, its time within.
        $0.eventID = ["$.type", .digest]
        $0.eventType = ["$.type"]
        $0.occurredAt = .rfc3339(["$.date_time"])
        $0.retries = "Not at all."
        $0.setup = """
            Settings > Developer > Manage Webhooks > Add. There is no secret: say in the settings which addresses may send \
            (sources.activecampaign.allow) and whose events they are (sources.activecampaign.tenants).
            """
        $0.unsigned = """
            Everything: ActiveCampaign signs nothing, and whoever knows the URL can send events. Admit its addresses alone, and make \
            the URL hard to guess by a tenant's name.
            """
        $0.confidence = .secondary
        $0.references = [
            "https://developers.activecampaign.com/page/webhooks",
            "github:PipedreamHQ/pipedream components/activecampaign/sources (third party)",
        ]
        $0.mappings = [
            activeCampaignContact("subscribe"), activeCampaignContact("unsubscribe"), activeCampaignContact("update"),
            activeCampaignContact("contact_*"), activeCampaignContact("*", to: .keep),
        ]
    }
}

/// Where the contact stands in the form is unverified but for id and e-mail.
private func activeCampaignContact(_ pattern: EventPattern, to route: Route = .userSync) -> Mapping {
    Mapping(
        pattern, to: route, subject: "contact", subjectID: ["$['contact[id]']"], actorID: ["$['contact[id]']"],
        actorEmail: ["$['contact[email]']"], actorName: ["$['contact[first_name]']"], reason: ["$.initiated_by"])
}
