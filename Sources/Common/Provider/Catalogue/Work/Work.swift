extension Catalogue {
    /// Forms, calendars, tickets and documents.
    static let work: [Provider] = []
}
