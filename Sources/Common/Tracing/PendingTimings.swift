import GRDB
import Synchronization

/// Timings of events that are to be traced, on their way to the store. Nothing waits for them; beyond the bound they are dropped and counted.
public final class PendingTimings: Sendable {
    /// 480 KB.
    static let most = 20_000
    /// That one timing makes.
    private static let spans: Int64 = 3
    private let sampler: Sampler
    private let timings = Mutex<[EventTiming]>([])

    public init(_ sampler: Sampler) { self.sampler = sampler }

    /// - Returns: spans that had no room.
    public func add(_ outcomes: [StoreOutcome], of events: [NewEvent], _ timing: IngestTiming) -> Int64 {
        timings.withLock { timings in
            var dropped: Int64 = 0
            for (outcome, event) in zip(outcomes, events) {
                guard case .stored(let id) = outcome, sampler.samples(id, of: event) else { continue }
                if timings.count < Self.most {
                    timings.append(EventTiming(sequence: id.sequence, timing: timing))
                } else {
                    dropped += Self.spans
                }
            }
            return dropped
        }
    }

    func takeAll() -> [EventTiming] {
        timings.withLock { timings in
            defer { timings = [] }
            return timings
        }
    }

    /// What could not be written down: before what has come meanwhile, and beyond the bound, since it was within it once.
    func putBack(_ older: [EventTiming]) { timings.withLock { $0 = older + $0 } }

    /// - Returns: spans that had no room.
    static func write(_ timings: [EventTiming], _ db: Database) throws -> Int64 {
        guard !timings.isEmpty else { return 0 }
        let waiting = try Int.fetchOne(db.cachedStatement(sql: IngestTimingSQL.waiting)) ?? 0
        let some = timings.prefix(max(0, IngestTimingSQL.most - waiting / EventTiming.size))
        let add = try RawStatement(IngestTimingSQL.add, in: db)
        for start in stride(from: 0, to: some.count, by: IngestTimingSQL.together) {
            add.bind(blob: EventTiming.packed(some[start..<min(start + IngestTimingSQL.together, some.count)]), at: 1)
            try add.run(db)
        }
        return Int64(timings.count - some.count) * spans
    }
}
