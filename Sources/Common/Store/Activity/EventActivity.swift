import GRDB

/// How far a line reaches back, and in which steps. Places in the store follow from it: a change needs a migration.
public enum ActivitySpan: CaseIterable, Sendable {
    case hour, day, month

    /// Of one step.
    public var milliseconds: Int64 {
        switch self {
        case .hour: 60_000
        case .day: 1_800_000
        case .month: 86_400_000
        }
    }

    /// Steps in all; the last one is not over.
    public var count: Int {
        switch self {
        case .hour: 60
        case .day: 48
        case .month: 31
        }
    }
}

/// What happened in each step of a span, the oldest first.
public struct EventActivity: Sendable, Equatable {
    public struct Step: Sendable, Equatable {
        public internal(set) var came = 0
        public internal(set) var done = 0
        public internal(set) var failed = 0
        /// How many waited at its end.
        public internal(set) var waiting = 0

        public init() {}
    }

    public let span: ActivitySpan
    public private(set) var steps: [Step]

    struct Change {
        let start: Int64
        let came, done, failed, queued: Int
    }

    /// - Parameters:
    ///   - changes: within the span, in any order.
    ///   - waiting: how many wait now; before each step it was by its change another number.
    init(_ span: ActivitySpan, _ changes: [Change], waiting: Int, now: Timestamp) {
        self.span = span
        steps = Array(repeating: Step(), count: span.count)
        var queued = Array(repeating: 0, count: span.count)
        let first = now.milliseconds / span.milliseconds - Int64(span.count) + 1
        for change in changes {
            let place = Int(change.start / span.milliseconds - first)
            guard steps.indices.contains(place) else { continue }
            steps[place].came += change.came
            steps[place].done += change.done
            steps[place].failed += change.failed
            queued[place] += change.queued
        }
        var waiting = waiting
        for place in steps.indices.reversed() {
            steps[place].waiting = max(0, waiting)
            waiting -= queued[place]
        }
    }
}

extension EventQueries {
    /// What happened in the last hour, day and month.
    /// - Parameter waiting: how many of those that are asked for wait now.
    public func activity(tenant: String? = nil, source: String? = nil, waiting: Int, now: Timestamp) throws(StoreError) -> [EventActivity] {
        let (rows, arrivals) = try store.read { db in
            (
                try Row.fetchAll(db.cachedStatement(sql: ActivitySQL.sums), arguments: [now.milliseconds, tenant, source]),
                try ActivityWriter.arrivals(db)
            )
        }
        let undrawn = arrivals.changes.filter { tenant ?? $0.tenant == $0.tenant && source ?? $0.source == $0.source }.map {
            EventActivity.Change(
                start: now.milliseconds, came: Int($0[.queued] + $0[.received]), done: 0, failed: 0, queued: Int($0[.queued]))
        }
        let byWidth = Dictionary(grouping: rows) { $0["width"] as Int64 }
        return ActivitySpan.allCases.map { span in
            let changes = byWidth[span.milliseconds, default: []].map { row in
                EventActivity.Change(
                    start: row["start"], came: row["came"], done: row["done"], failed: row["failed"], queued: row["queued"])
            }
            return EventActivity(span, changes + undrawn, waiting: waiting, now: now)
        }
    }
}
