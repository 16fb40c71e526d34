import Common

/// A person's events with their pushes, put in order.
struct PersonGathering {
    private(set) var entries: [PeoplePage.Entry] = []
    /// By name, an event that calls the person so and the place of the name in it.
    private var names: [String: (event: String, place: Int)] = [:]

    init(_ summaries: [EventSummary], _ queries: EventQueries, _ visit: Visit) throws {
        var moments: [(at: Timestamp, entry: PeoplePage.Entry)] = []
        var pushes: [(key: String, first: StoredEvent, job: StoredEvent.Job, events: Int)] = []
        for summary in summaries {
            guard let event = try queries.find(summary.id).first else { continue }
            moments.append((summary.receivedAt, Self.entry(event, visit)))
            for (place, name) in event.names(providers: visit.settings.providers).enumerated() where names[name] == nil {
                names[name] = (summary.id, place)
            }
            guard let job = event.job, let key = job.pushKey ?? (job.finishedAt == nil ? nil : summary.id) else { continue }
            if let place = pushes.firstIndex(where: { $0.key == key }) {
                pushes[place].events += 1
            } else {
                pushes.append((key, event, job, 1))
            }
        }
        for (key, first, job, events) in pushes {
            let what = events > 1 ? "\(events) of these events in one push" : first.summary.type
            let attempts = try queries.attempts(ofPush: key)
            for attempt in attempts { moments.append((attempt.at, Self.entry(attempt, of: what, visit))) }
            // What goes well at once leaves no attempt.
            if let end = job.finishedAt, attempts.last?.at != end { moments.append((end, Self.entry(job, end, of: what, visit))) }
        }
        entries = moments.sorted { ($0.at, $0.entry.rank) > ($1.at, $1.entry.rank) }.map(\.entry)
    }

    /// Links that name no one: they say in which event the name stands.
    func others(than asked: String, _ query: PageFields) -> [PeoplePage.Name] {
        names.filter { $0.key.lowercased() != asked.lowercased() }.sorted { $0.key < $1.key }.prefix(10).map { name, found in
            PeoplePage.Name(name: name, href: PageFields([("event", found.event), ("by", String(found.place))]).link("/admin/people"))
        }
    }

    private static func entry(_ event: StoredEvent, _ visit: Visit) -> PeoplePage.Entry {
        let summary = event.summary
        let words = [
            "\(summary.source) · \(summary.tenant)", summary.occurredAt.map { "happened \(Moment($0, now: visit.now).text)" },
            summary.error,
        ].compactMap { $0 }
        return PeoplePage.Entry(
            at: Moment(summary.receivedAt, now: visit.now), what: summary.type, href: "/admin/events/\(summary.id)", status: summary.status,
            more: words.joined(separator: ", "), answer: nil, rank: 0)
    }

    private static func entry(_ job: StoredEvent.Job, _ end: Timestamp, of what: String, _ visit: Visit) -> PeoplePage.Entry {
        let words = [what, job.httpStatus.map { "HTTP \($0)" }, job.cause].compactMap { $0 }
        return PeoplePage.Entry(
            at: Moment(end, now: visit.now), what: job.words, href: nil, status: nil,
            more: words.joined(separator: ", "), answer: nil, rank: 2)
    }

    private static func entry(_ attempt: Attempt, of what: String, _ visit: Visit) -> PeoplePage.Entry {
        let words = [
            what, attempt.httpStatus.map { "HTTP \($0)" }, attempt.cause, attempt.error,
            attempt.requestID.map { "request \($0)" },
        ].compactMap { $0 }
        return PeoplePage.Entry(
            at: Moment(attempt.at, now: visit.now), what: attempt.words, href: nil, status: nil, more: words.joined(separator: ", "),
            answer: attempt.answer, rank: 1)
    }
}

extension StoredEvent.Job {
    /// How it ended.
    var words: String {
        ["done": "WordPress has it", "dead": "Became a dead letter", "discarded": "Discarded"][status] ?? status
    }
}

extension Attempt {
    var words: String {
        verdict == "done" ? "WordPress took it" : verdict == "dead" ? "Push failed for good" : "Push failed, to be tried again"
    }
}
