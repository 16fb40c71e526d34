extension Catalogue {
    /// Forms, calendars, tickets and documents.
    static let work: [Provider] = [
        .zoom, .calendly, .typeform, .intercom, .zendesk, .asana, .trello, .dropbox, .docusign, .dropboxSign, .notion, .clickup, .monday,
        .calCom, .jotform, .eventbrite,
    ]
}
