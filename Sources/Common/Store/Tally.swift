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
}

/// Changes to the counts of events by status, collected over one transaction and written at its end.
struct Tally {
    /// One event after another is mostly of the same tenant and source: to see that costs less than to look it up.
    private var last: Key?
    private var lastEvents: Int64 = 0

    private struct Key: Hashable {
        let tenant, source: String
        let status: EventStatus
    }

    private var lookedUp: [Key: Int64] = [:]

    private var changes: [Key: Int64] {
        guard let last else { return lookedUp }
        return lookedUp.merging([last: lastEvents], uniquingKeysWith: +)
    }

    mutating func add(_ events: Int64, tenant: String, source: String, status: EventStatus) {
        let key = Key(tenant: tenant, source: source, status: status)
        guard key != last else { return lastEvents += events }
        if let last { lookedUp[last, default: 0] += lastEvents }
        (last, lastEvents) = (key, events)
    }

    mutating func move(tenant: String, source: String, from old: EventStatus, to new: EventStatus) {
        add(-1, tenant: tenant, source: source, status: old)
        add(1, tenant: tenant, source: source, status: new)
    }

    var isEmpty: Bool { last == nil }

    func forEach(_ body: (_ tenant: String, _ source: String, EventStatus, _ events: Int64) -> Void) {
        for (key, events) in changes { body(key.tenant, key.source, key.status, events) }
    }

    /// - Parameters:
    ///   - now: counts it among what happened then; nil for what is only removed.
    ///   - areArrivals: whether what waits now, or is kept, has only come.
    func write(_ db: Database, at now: Timestamp? = nil, areArrivals: Bool = false) throws {
        if let now { try ActivityWriter(db, now: now).write(self, areArrivals: areArrivals) }
        for (key, events) in changes where events != 0 {
            let add = try RawStatement(EventSQL.tally, in: db, BindingArena(bytes: 256))
            add.bind(key.tenant, at: 1)
            add.bind(key.source, at: 2)
            add.bind(key.status.rawValue, at: 3)
            add.bind(events, at: 4)
            try add.run(db)
        }
    }
}
