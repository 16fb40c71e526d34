import Foundation

/// Leaves the store's write lock to others now and then, between transactions that come one upon the other.
///
/// Who waits for it looks for it after pauses that grow to 100 ms (SQLite's busy handler, `sqliteDefaultBusyCallback`), and would find it
/// taken each time. Ingest gives up after two seconds, and answers 503.
struct LockTurns {
    private static let longest: Duration = .milliseconds(700)
    private static let pause: useconds_t = 110_000

    private var since = ContinuousClock.now

    mutating func leaveIfLong() {
        guard .now - since > Self.longest else { return }
        usleep(Self.pause)
        since = .now
    }
}
