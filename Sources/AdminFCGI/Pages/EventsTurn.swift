import Common

/// One page's worth of a list of events, newest first, and the ids that the pages to either side begin at.
struct EventsTurn {
    private(set) var events: [EventSummary] = []
    /// The older page comes before it.
    private(set) var older: String?
    /// The newer page comes after it.
    private(set) var newer: String?
    /// Where looking ended, with less found than a page holds.
    private(set) var stoppedAt: EventID?

    init() {}

    /// - Parameter goesOn: whether there is time to look on where nothing has been found yet.
    init(
        _ filter: EventFilter, _ query: PageFields, _ queries: EventQueries, limit: Int = EventsPage.rowsOnPage,
        mostLookedAt: Int = EventsPage.mostLookedAt, goesOn: () -> Bool
    ) throws {
        let after = query["after"].flatMap { EventID($0) }
        if let after {
            let page = try Self.search(from: after, goesOn) {
                try queries.list(filter, after: $0 ?? after, limit: limit, mostLookedAt: mostLookedAt)
            }
            // Where no more follow than one page holds, that is the newest page.
            if let next = page.next {
                events = page.events
                newer = next
                older = (page.events.last.flatMap { EventID($0.id) } ?? after.next).description
                stoppedAt = page.stoppedLooking ? EventID(next) : nil
                return
            }
        }
        let before = after == nil ? query["before"].flatMap { EventID($0) } : nil
        let page = try Self.search(from: before, goesOn) {
            try queries.list(filter, before: $0, limit: limit, mostLookedAt: mostLookedAt)
        }
        events = page.events
        older = page.next
        newer = before.map { events.first?.id ?? $0.previous.description }
        stoppedAt = page.stoppedLooking ? page.next.flatMap { EventID($0) } : nil
    }

    /// A list that is empty because looking stopped helps nobody.
    private static func search(from start: EventID?, _ goesOn: () -> Bool, _ list: (EventID?) throws -> EventPage) rethrows -> EventPage {
        var page = try list(start)
        while page.events.isEmpty, page.stoppedLooking, let next = page.next.flatMap({ EventID($0) }), goesOn() { page = try list(next) }
        return page
    }
}

extension EventID {
    /// No event's, but the place behind this one's.
    fileprivate var next: EventID { EventID(sequence: sequence == .max ? .max : sequence + 1, entropy: 0) }
    fileprivate var previous: EventID { EventID(sequence: max(0, sequence - 1), entropy: 0) }
}
