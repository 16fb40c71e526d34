import GRDB
import Synchronization

/// What a program has counted that need not stand in each commit: refused requests, duplicates, durations, and what the pages' lines say of
/// what came. It goes along with the next commit, at most once a second, or by itself where none comes. A kill loses what waits here, and
/// nothing else.
public final class PendingCounters: Sendable {
    struct Waiting {
        var counters = Counters()
        /// Stored and counted; only the lines do not show them yet.
        var arrivals = Tally()
        /// The last of them.
        var arrivedAt = Timestamp(milliseconds: 0)

        var isEmpty: Bool { counters.isEmpty && arrivals.isEmpty }

        mutating func add(_ other: Waiting) {
            counters.merge(other.counters)
            arrivals.add(other.arrivals)
            arrivedAt = max(arrivedAt, other.arrivedAt)
        }

        func write(_ db: Database) throws {
            try counters.write(db)
            if !arrivals.isEmpty { try ActivityWriter(db, now: arrivedAt).write(arrivals, areArrivals: true) }
        }
    }

    private struct State {
        var waiting = Waiting()
        var taken = Timestamp(milliseconds: 0)

        mutating func emptied() -> Waiting {
            defer { waiting = Waiting() }
            return waiting
        }
    }

    private let state = Mutex(State())

    public init() {}

    public var isEmpty: Bool { state.withLock { $0.waiting.isEmpty } }

    public func add(_ counters: Counters) {
        guard !counters.isEmpty else { return }
        state.withLock { $0.waiting.counters.merge(counters) }
    }

    func add(_ waiting: Waiting) { state.withLock { $0.waiting.add(waiting) } }

    /// Nil where it was asked within this second.
    func take(now: Timestamp) -> Waiting? {
        state.withLock { state in
            guard now.milliseconds / 1000 != state.taken.milliseconds / 1000 else { return nil }
            state.taken = now
            return state.emptied()
        }
    }

    func takeAll() -> Waiting { state.withLock { $0.emptied() } }
}

extension EventWriter {
    /// Within the transaction that stores `tally`: its counts, and what has waited to be written. A transaction that changed nothing stays so.
    /// - Returns: what had waited, to be added again should the commit fail; nil where it waits on, and this transaction's arrivals with it.
    func count(_ tally: Tally, now: Timestamp, _ db: Database) throws -> PendingCounters.Waiting? {
        guard !tally.isEmpty else { return nil }
        try tally.add(to: db, isIngest: true)
        guard let waiting = pending.take(now: now) else { return nil }
        do {
            try waiting.write(db)
            try ActivityWriter(db, now: now).write(tally, areArrivals: true)
            return waiting
        } catch {
            pending.add(waiting)
            throw error
        }
    }

    /// Writes down what waits, unless another program holds the store. Does not wait for the disk.
    /// - Parameter isLast: nobody comes to write it down later.
    public func flushCounters(isLast: Bool = false) {
        let waiting = pending.takeAll()
        let entries = timings?.takeAll() ?? []
        guard !waiting.isEmpty || !entries.isEmpty else { return }
        do throws(StoreError) {
            try store.writeSoon(waiting: isLast) { db in
                var waiting = waiting
                let dropped = try PendingTimings.write(entries, db)
                if dropped > 0 { waiting.counters.add(.spansDropped, "queue_full", by: dropped) }
                try waiting.write(db)
            }
        } catch {
            pending.add(waiting)
            timings?.putBack(entries)
        }
    }
}

extension Store {
    /// Adds to what the store has counted, without waiting for the disk.
    /// - Parameter lastRun: when a run of the worker has ended.
    public func count(_ counters: Counters, lastRun: Timestamp? = nil) throws(StoreError) {
        try writeSoon { db in
            try counters.write(db)
            guard let lastRun else { return }
            try db.cachedStatement(sql: MetricSQL.set).execute(arguments: [Metric.workerLastRun.rawValue, lastRun.milliseconds])
        }
    }
}
