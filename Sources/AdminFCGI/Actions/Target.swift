import Common

/// Which dead letters, events or requests a form means: some by their ids, or all that match.
struct Target {
    static let mostIDs = 500

    let ids: [EventID]
    let isAll: Bool
    let filter: DeadLetters.Filter
    let fields: PageFields

    init(_ fields: PageFields) {
        ids = fields.all("id").prefix(Self.mostIDs).compactMap { EventID($0) }
        let (filter, problems) = DeadLettersPage.filter(fields)
        // A filter that cannot be read would match more than was meant.
        isAll = fields["all"] == "1" && problems.isEmpty
        self.filter = filter
        self.fields = fields
    }

    /// For the audit.
    var words: String {
        guard isAll else { return ids.map(\.description).joined(separator: " ") }
        let parts = [("tenant", filter.tenant?.description), ("source", filter.source?.description), ("cause", filter.cause)]
        return "all" + parts.compactMap { name, value in value.map { " --\(name) \($0)" } }.joined()
    }

    /// Row numbers of the dead letters that are meant; those that went out as one push belong together.
    func deadLetters(in store: Store) throws(StoreError) -> [Int64] {
        let letters = DeadLetters(store: store)
        return isAll ? try letters.sequences(filter) : try letters.wholePushes(of: ids.map(\.sequence))
    }

    /// To go with the form that does it.
    var hidden: [EventPageView.Pair] {
        isAll
            ? ["all", "tenant", "source", "cause"].compactMap { name in fields[name].map { .init(name: name, value: $0) } }
            : ids.map { .init(name: "id", value: $0.description) }
    }
}
