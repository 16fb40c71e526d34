extension Provider {
    /// Told by others, who wrote down what came: a thin post that names where to ask, without a signature. `X-Eventbrite-Delivery` is the
    /// webhook's id, not the delivery's. Nothing is fetched from `api_url`: anybody could write one.
    static let eventbrite = Provider("eventbrite", "Eventbrite", .unsigned) {
        // One order's posts are the same to the byte, each an event: only when it came tells them apart.
        $0.eventID = ["$.config.action", "$.api_url", .arrival]
        $0.eventType = [.firstOf(["$.config.action", "x-eventbrite-event"])]
        $0.setup = """
            Account settings > Developer links > Webhooks. There is no secret: say in the settings which addresses may send \
            (sources.eventbrite.allow) and whose events they are (sources.eventbrite.tenants).
            """
        $0.unsigned = """
            Everything: Eventbrite signs nothing. Ask its API for the object, and never at an address outside www.eventbriteapi.com.
            """
        $0.confidence = .secondary
        $0.references = ["https://www.eventbrite.com/platform/api#/reference/webhooks", "third parties' records of what came"]
        $0.mappings = [Mapping("*", to: .keep, subjectID: ["$.api_url"])]
    }
}
