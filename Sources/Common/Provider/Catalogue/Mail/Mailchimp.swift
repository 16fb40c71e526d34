extension Provider {
    /// https://mailchimp.com/developer/marketing/guides/sync-audience-data-webhooks/ (told by others, not read in the vendor's code).
    static let mailchimp = Provider("mailchimp", "Mailchimp Marketing", .unsigned) {
        $0.contentTypes = ["application/x-www-form-urlencoded": .form]
        // No id at all: the second in which it was fired, and whom it is about. Paths unverified.
        $0.eventID = [
            "$.type", "$.fired_at", "$['data[list_id]']", .firstOf(["$['data[id]']", "$['data[new_id]']"]),
            .firstOf(["$['data[email]']", "$['data[new_email]']"]),
        ]
        $0.eventType = ["$.type"]
        $0.occurredAt = .utc(["$.fired_at"])
        $0.handshakes = [.greeting]
        $0.confidence = .secondary
        $0.setup = """
            Audience > Settings > Webhooks > Create. There is no secret: say in the settings which addresses may send \
            (sources.mailchimp.allow) and whose events they are (sources.mailchimp.tenants).
            """
        $0.unsigned = """
            Everything: Mailchimp signs nothing, and whoever knows the URL can send events. Admit its addresses alone, and make \
            the URL hard to guess by a tenant's name.
            """
        $0.references = ["https://mailchimp.com/developer/marketing/guides/sync-audience-data-webhooks/"]
        $0.mappings = [
            mailchimpMember("subscribe"), mailchimpMember("unsubscribe"), mailchimpMember("profile"),
            mailchimpMember("upemail", id: "$['data[new_id]']", email: "$['data[new_email]']"), mailchimpMember("cleaned"),
        ]
    }
}

/// Where the member stands in the form is unverified.
private func mailchimpMember(_ type: EventPattern, id: JSONPath = "$['data[id]']", email: JSONPath = "$['data[email]']") -> Mapping {
    Mapping(
        type, to: .userSync, subject: "member", subjectID: [id, email], actorID: [id], actorEmail: [email],
        actorName: ["$['data[merges][FNAME]']"], reason: ["$['data[reason]']"])
}
