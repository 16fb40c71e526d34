import GRDB
import Synchronization

/// Timings of events that are to be traced, on their way to the store. Nothing waits for them; beyond the bound they are dropped and counted.
public final class PendingTimings: Sendable {
    /// What goes to the store at one time.
    struct Taken: Sendable, Equatable {
        var timings: [EventTiming] = []
        /// That found no room.
        var dropped = 0

        var isEmpty: Bool { timings.isEmpty && dropped == 0 }
    }

    private let sampler: Sampler
    private let waiting = Mutex(Taken())

    public init(_ sampler: Sampler) { self.sampler = sampler }

    public func add(_ outcomes: [StoreOutcome], of events: [NewEvent], _ timing: IngestTiming) {
        waiting.withLock { waiting in
            for (outcome, event) in zip(outcomes, events) {
                guard case .stored(let id) = outcome, sampler.samples(id, of: event) else { continue }
                if waiting.timings.count < EventTiming.most {
                    waiting.timings.append(EventTiming(sequence: id.sequence, timing: timing))
                } else {
                    waiting.dropped += 1
                }
            }
        }
    }

    func takeAll() -> Taken {
        waiting.withLock { waiting in
            defer { waiting = Taken() }
            return waiting
        }
    }

    /// What could not be written down, before what has come meanwhile. Of both the newest have no room.
    func putBack(_ older: Taken) {
        waiting.withLock { waiting in
            let all = older.timings + waiting.timings
            waiting = Taken(
                timings: Array(all.prefix(EventTiming.most)),
                dropped: older.dropped + waiting.dropped + max(0, all.count - EventTiming.most))
        }
    }
}

extension PendingTimings.Taken {
    /// Spans that one timing makes.
    private static let spans: Int64 = 3

    /// - Returns: spans that had no room, here or before.
    func write(_ db: Database) throws -> Int64 {
        guard !timings.isEmpty else { return Int64(dropped) * Self.spans }
        let waiting = try Int.fetchOne(db.cachedStatement(sql: IngestTimingSQL.waitingBytes)) ?? 0
        let some = timings.prefix(max(0, EventTiming.most - waiting / EventTiming.size))
        let add = try RawStatement(IngestTimingSQL.add, in: db)
        for start in stride(from: 0, to: some.count, by: IngestTimingSQL.together) {
            add.bind(blob: EventTiming.packed(some[start..<min(start + IngestTimingSQL.together, some.count)]), at: 1)
            try add.run(db)
        }
        return Int64(dropped + timings.count - some.count) * Self.spans
    }
}
