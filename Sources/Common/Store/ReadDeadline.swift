import Foundation
import GRDB
import GRDBSQLite
import Synchronization

/// Until when the questions of one connection may take. Past it SQLite gives up the statement with SQLITE_INTERRUPT.
public final class ReadDeadline: Sendable {
    /// Nanoseconds of the monotonic clock; the greatest number: never.
    private let end = Atomic<UInt64>(.max)

    public init() {}

    /// Steps of SQLite's machine between two looks at the clock: some tens of microseconds.
    private static let steps: Int32 = 4000

    public func set(_ duration: Duration) {
        end.store(Self.now() + UInt64(max(0, duration.milliseconds)) * 1_000_000, ordering: .relaxed)
    }

    fileprivate var isOver: Bool { Self.now() > end.load(ordering: .relaxed) }

    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// Holds the store's connection to this deadline from here on. The caller keeps it as long as the store.
    public func hold(_ store: Store) throws(StoreError) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        try store.read { db in
            sqlite3_progress_handler(
                db.sqliteConnection, Self.steps,
                { context in
                    context.map { Unmanaged<ReadDeadline>.fromOpaque($0).takeUnretainedValue().isOver } == true ? 1 : 0
                }, context)
        }
    }
}

extension StoreError {
    /// The statement took longer than it may.
    public var isInterrupted: Bool {
        guard case .sql(let code, _, _) = self else { return false }
        return code & 0xFF == 9
    }
}
