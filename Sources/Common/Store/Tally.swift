import GRDB

/// Where an event stands.
public enum EventStatus: String, Sendable, CaseIterable {
    /// Kept, pushed nowhere.
    case received
    /// Waits for its push or for its next try.
    case queued
    /// WordPress has it.
    case processed
    /// A dead letter.
    case failed
    /// Never to be pushed: an operator's word.
    case discarded

    fileprivate var place: Int {
        switch self {
        case .received: 0
        case .queued: 1
        case .processed: 2
        case .failed: 3
        case .discarded: 4
        }
    }
}

enum TallySQL {
    /// ?1 tenant, ?2 source, ?3 status, ?4 how many more (may be negative), ?5 how many of them ingest has taken.
    static let add = """
        INSERT INTO event_tally (tenant, source, status, events, arrived) VALUES (?1, ?2, ?3, ?4, ?5) \(adding)
        """

    /// Of what ingest stored behind the mark.
    static let addRows = """
        INSERT INTO event_tally (tenant, source, status, events, arrived)
        SELECT tenant, source, status, events, events FROM untallied WHERE true \(adding)
        """

    /// To the last row.
    static let moveMark = "UPDATE tally_mark SET seq = max(seq, (SELECT coalesce(max(seq), 0) FROM webhook_event))"

    private static let adding = """
        ON CONFLICT (tenant, source, status) DO UPDATE SET events = events + excluded.events, arrived = arrived + excluded.arrived
        """

    static let all = [add, addRows, moveMark]
}

/// Changes to the counts of events by status, collected over one transaction and written at its end.
struct Tally {
    /// By how many more events of one tenant and source stand in a status; negative: fewer.
    struct Change {
        let tenant, source: String
        fileprivate var events = [Int64](repeating: 0, count: EventStatus.allCases.count)

        subscript(status: EventStatus) -> Int64 { events[status.place] }
    }

    private struct Key: Hashable {
        let tenant, source: String
    }

    private(set) var changes: [Change] = []
    private var places: [Key: Int] = [:]
    /// One event after another is mostly of the same tenant and source: to see that costs less than to look it up.
    private var last = 0

    mutating func add(_ events: Int64, tenant: String, source: String, status: EventStatus) {
        turn(to: tenant, source)
        changes[last].events[status.place] += events
    }

    mutating func move(tenant: String, source: String, from old: EventStatus, to new: EventStatus) {
        turn(to: tenant, source)
        changes[last].events[old.place] -= 1
        changes[last].events[new.place] += 1
    }

    private mutating func turn(to tenant: String, _ source: String) {
        if last < changes.count, changes[last].tenant == tenant, changes[last].source == source { return }
        let key = Key(tenant: tenant, source: source)
        if let place = places[key] {
            last = place
        } else {
            last = changes.count
            places[key] = last
            changes.append(Change(tenant: tenant, source: source))
        }
    }

    var isEmpty: Bool { changes.isEmpty }

    /// - Parameters:
    ///   - now: counts it among what happened then; nil for what is only removed.
    ///   - areArrivals: whether what waits now, or is kept, has only come.
    func write(_ db: Database, at now: Timestamp? = nil, areArrivals: Bool = false) throws {
        guard !isEmpty else { return }
        if let now { try ActivityWriter(db, now: now).write(self, areArrivals: areArrivals) }
        try add(to: db)
    }

    /// - Parameter haveArrived: events that ingest has stored: they count in `webhook_ingest_count_total`, and wait to be drawn.
    func add(to db: Database, haveArrived: Bool = false) throws {
        guard !isEmpty else { return }
        let add = try RawStatement(TallySQL.add, in: db, BindingArena(bytes: 256))
        for change in changes {
            for status in EventStatus.allCases where change[status] != 0 {
                add.bind(change.tenant, at: 1)
                add.bind(change.source, at: 2)
                add.bind(status.rawValue, at: 3)
                add.bind(change[status], at: 4)
                add.bind(haveArrived ? change[status] : 0, at: 5)
                try add.run(db)
            }
        }
    }
}
