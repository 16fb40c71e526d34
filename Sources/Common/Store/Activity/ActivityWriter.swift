import GRDB

/// Adds what a transaction has changed to the stretch of time that it falls into. One statement for each tenant and source.
struct ActivityWriter {
    /// What lies further back no line shows.
    static let kept: Duration = .seconds(32 * 86_400)

    private struct Key: Hashable {
        let tenant, source: String
    }

    private struct Change {
        var came: Int64 = 0
        var done: Int64 = 0
        var failed: Int64 = 0
        var queued: Int64 = 0

        mutating func add(_ status: EventStatus, _ events: Int64, areArrivals: Bool) {
            switch status {
            case .queued, .received: if areArrivals { came += max(0, events) }
            case .processed: done = max(0, events)
            case .failed: failed = max(0, events)
            case .discarded: break
            }
            if status == .queued { queued = events }
        }

        var isNothing: Bool { came == 0 && done == 0 && failed == 0 && queued == 0 }
    }

    private let db: Database
    private let now: Timestamp

    init(_ db: Database, now: Timestamp) { (self.db, self.now) = (db, now) }

    func write(_ tally: Tally, areArrivals: Bool) throws {
        var changes: [Key: Change] = [:]
        tally.forEach { tenant, source, status, events in
            changes[Key(tenant: tenant, source: source), default: Change()].add(status, events, areArrivals: areArrivals)
        }
        for (key, change) in changes where !change.isNothing {
            let add = try RawStatement(ActivitySQL.add, in: db, BindingArena(bytes: 256))
            add.bind(key.tenant, at: 1)
            add.bind(key.source, at: 2)
            add.bind(now.milliseconds, at: 3)
            add.bind(change.came, at: 4)
            add.bind(change.done, at: 5)
            add.bind(change.failed, at: 6)
            add.bind(change.queued, at: 7)
            try add.run(db)
        }
    }
}

extension Store {
    func forgetOldActivity(now: Timestamp) throws(StoreError) {
        let end = now.milliseconds - ActivityWriter.kept.milliseconds
        try writeSoon { try $0.cachedStatement(sql: ActivitySQL.forget).execute(arguments: [end]) }
    }
}
