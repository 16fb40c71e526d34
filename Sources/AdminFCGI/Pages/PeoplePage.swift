import Common

/// Everything of one person, newest first: what came, each push of it and what WordPress answered.
struct PeoplePage {
    struct Entry {
        let at: Moment
        let what: String
        let href: String?
        let status: String?
        let more: String?
        let answer: String?
        /// Among those of one moment the first to happen is the last in the list.
        let rank: Int
    }

    struct Name {
        let name: String
        let href: String
    }

    static let rowsOnPage = 50

    /// As it was asked for; nothing where an event was.
    let who: String
    let tenant: String
    let name: String?
    let isAsked: Bool
    /// Payloads are encrypted, and we have no key to them.
    let isBlind: Bool
    let problems: [String]
    /// What else the events on this page call the person.
    let others: [Name]
    let found: String
    let entries: [Entry]
    let older: String?
    let newer: String?
    let stoppedAt: Moment?

    init(_ store: Store, _ visit: Visit) throws {
        let query = visit.request.query
        let asked = try PersonAsked(query, store, visit)
        (who, tenant, problems) = (query["who"] ?? "", query["tenant"] ?? "", asked.problems)
        name = asked.name
        isAsked = asked.name != nil
        let queries = EventQueries(store: store)
        isBlind = try asked.name != nil && queries.newestIsUnreadable()
        let turn =
            asked.name == nil ? EventsTurn() : try EventsTurn(asked.filter, query, queries, limit: Self.rowsOnPage) { visit.hasTime }
        let gathered = try PersonGathering(turn.events, queries, visit)
        entries = gathered.entries
        others = asked.name.map { asked in gathered.others(than: asked, query) } ?? []
        let bare = query.with("before", nil).with("after", nil)
        older = turn.older.map { bare.with("before", $0).link("/admin/people") }
        newer = turn.newer.map { bare.with("after", $0).link("/admin/people") }
        stoppedAt = turn.stoppedAt.map { Moment(Timestamp(milliseconds: $0.sequence >> 15), now: visit.now) }
        let count = turn.events.count
        found =
            count == 0
            ? "No event" : "\(count) event\(count == 1 ? "" : "s") with what became of \(count == 1 ? "it" : "them"), newest first"
    }
}

/// Who is meant: somebody whose name was entered, or the person of an event, whose name so stands in no address.
struct PersonAsked {
    private(set) var name: String?
    private(set) var filter = EventFilter()
    private(set) var problems: [String] = []

    init(_ query: PageFields, _ store: Store, _ visit: Visit) throws {
        if let text = query["tenant"] {
            filter.tenant = TenantName(text)
            if filter.tenant == nil { problems = ["tenant: expected 1 to 64 letters, digits, '.', '_' or '-'"] }
        }
        if let text = query["who"] {
            if text.count > 300 { problems = ["who: expected at most 300 characters"] }
            name = problems.isEmpty ? text : nil
        } else if let text = query["event"] {
            try read(event: text, query["by"].flatMap { Int($0) } ?? 0, store, visit)
        }
        filter.user = name
    }

    private mutating func read(event text: String, _ place: Int, _ store: Store, _ visit: Visit) throws {
        guard let id = EventID(text), let event = try EventQueries(store: store).find(id.description).first, event.signatureValid else {
            problems = ["No event of this id is in the store."]
            return
        }
        filter.tenant = TenantName(event.summary.tenant)
        let names = event.names(providers: visit.settings.providers)
        name = names.indices.contains(place) ? names[place] : names.first
        if name == nil { problems = ["This event names nobody."] }
    }
}

extension StoredEvent {
    /// What it calls its person, the e-mail address first.
    func names(providers: Providers) -> [String] {
        let form = EventReadout(self, providers: providers).canonical
        return [form?.actor.email, form?.actor.id].compactMap { $0 }.filter { !$0.isEmpty }
    }
}
