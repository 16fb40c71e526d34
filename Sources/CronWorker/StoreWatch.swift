import Common
import Foundation

extension Worker {
    /// The clock of this machine has gone back since the store was written to: nothing waits longer for it.
    func mindTheClock() throws {
        let now = clock.now()
        let count = try queue.mindTheClock(lease: settings.lease, now: now)
        guard count > 0 else { return }
        LogSink.write([
            LogLine("the clock has gone back; what waited by the old one has its time again", level: .warning, at: now)
                .with("lanes", Int64(count))
        ])
    }

    /// Says so when the write-ahead log has grown past what its file is cut back to.
    func reportLongLog() {
        guard let line = LogLine.longWriteAheadLog(queue.writeAheadLogBytes, at: clock.now()) else { return }
        LogSink.write([line])
    }
}

extension LogLine {
    /// Beyond four times what SQLite leaves of it after each turn.
    static let longestLog = 4 * Store.keptLogBytes

    /// A reader that does not end keeps SQLite from beginning the log anew, and the log grows with all that is written.
    static func longWriteAheadLog(_ bytes: Int, at now: Timestamp) -> LogLine? {
        guard bytes > longestLog else { return nil }
        return LogLine(
            "the write-ahead log grows: some program reads the store and does not end, see fuser -v on it and end that", level: .warning,
            at: now
        ).with("wal_bytes", Int64(bytes))
    }
}
