import GRDB
import Synchronization

/// What a program has counted that writes nothing by itself: refused requests, duplicates, durations. It goes along with the next commit,
/// at most once a second, or by itself where none comes. A kill loses what waits here.
public final class PendingCounters: Sendable {
    private struct State {
        var counters = Counters()
        var taken = Timestamp(milliseconds: 0)

        mutating func emptied() -> Counters {
            defer { counters = Counters() }
            return counters
        }
    }

    private let state = Mutex(State())

    public init() {}

    public var isEmpty: Bool { state.withLock { $0.counters.isEmpty } }

    public func add(_ counters: Counters) {
        guard !counters.isEmpty else { return }
        state.withLock { $0.counters.merge(counters) }
    }

    /// Nil where it was asked within this second.
    func take(now: Timestamp) -> Counters? {
        state.withLock { state in
            guard now.milliseconds / 1000 != state.taken.milliseconds / 1000 else { return nil }
            state.taken = now
            return state.emptied()
        }
    }

    func takeAll() -> Counters { state.withLock { $0.emptied() } }
}

extension EventWriter {
    /// Within the transaction that stores `batch`: its counts, and once a second what has waited to be written. A transaction that changed
    /// nothing stays so.
    /// - Returns: what is still to be tallied, if that is known, and what had waited, to be added again should the commit fail.
    func count(_ batch: EventBatch, now: Timestamp, _ db: Database) throws -> (Untallied?, Counters) {
        guard !batch.isEmpty || !batch.tally.isEmpty else { return (batch.untallied, Counters()) }
        try batch.tally.add(to: db)
        let waiting = pending.take(now: now)
        do {
            let left = try batch.tallyArrivals(all: waiting != nil)
            guard let waiting else { return (left, Counters()) }
            try waiting.write(db)
            try ActivityWriter(db, now: now).drawArrivals()
            return (left, waiting)
        } catch {
            if let waiting { pending.add(waiting) }
            throw error
        }
    }

    /// Writes down what waits, unless another program holds the store. Does not wait for the disk.
    /// - Parameter isLast: nobody comes to write it down later.
    public func flushCounters(isLast: Bool = false, now: Timestamp = WallClock.system.now()) {
        let waiting = pending.takeAll()
        let taken = timings?.takeAll() ?? PendingTimings.Taken()
        guard !waiting.isEmpty || !taken.isEmpty else { return }
        do throws(StoreError) {
            try store.writeSoon(waiting: isLast) { db in
                var counters = waiting
                let dropped = try taken.write(db)
                if dropped > 0 { counters.add(.spansDropped, SpanDrop.queueFull.rawValue, by: dropped) }
                try counters.write(db)
                try Untallied.tallyRows(db)
                try ActivityWriter(db, now: now).drawArrivals()
            }
        } catch {
            pending.add(waiting)
            timings?.putBack(taken)
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
