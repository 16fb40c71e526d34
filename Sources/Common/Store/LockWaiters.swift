import Glibc
import Synchronization

/// Who waits for the store's write lock, in whatever program.
///
/// SQLite's lock has no queue: who waits looks for it now and then, and finds it taken each time where another takes it again and again.
/// So who waits says so, with a shared flock(2) on the directory that the store lies in, and `Store.writeInTurn` leaves the lock to them.
/// That is advice and no lock: where it cannot be given, all goes as SQLite has it. The kernel takes it back from who dies.
final class LockWaiters: Sendable {
    private struct State {
        /// Slept so far for this lock. Not the time since: a statement may do much between two locks that it waits for.
        var waited = Duration.zero
        var isListed = false
        var isBrief = false
    }

    /// Between two looks for the lock. A commit of ingest takes as long.
    private static let pause: Duration = .milliseconds(2)
    /// How long who cannot wait does so all the same: as long as one transaction of long work takes.
    private static let brief: Duration = .milliseconds(50)

    private let directory: Int32
    private let patience: Duration
    private let state = Mutex(State())

    /// - Parameter patience: how long a write waits for others.
    init(store path: String, patience: Duration) {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        directory = open(slash.map { String(path[...$0]) } ?? ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        self.patience = patience
    }

    deinit { if directory >= 0 { close(directory) } }

    /// SQLite's busy handler.
    /// - Parameter looks: of this statement before this one.
    /// - Returns: false for who gives up. https://www.sqlite.org/c3ref/busy_handler.html
    func wait(_ looks: Int) -> Bool {
        let goesOn = state.withLock { state in
            if looks == 0 { state.waited = .zero }
            guard state.waited < (state.isBrief ? min(Self.brief, patience) : patience) else { return false }
            if !state.isListed { state.isListed = flock(directory, LOCK_SH | LOCK_NB) == 0 }
            return true
        }
        guard goesOn else { return false }
        let begun = ContinuousClock.now
        usleep(useconds_t(Self.pause.microseconds))
        state.withLock { $0.waited += .now - begun }
        return true
    }

    /// To be called by who has got the lock, or has given up.
    func leave() {
        state.withLock { state in
            guard state.isListed else { return }
            flock(directory, LOCK_UN)
            state.isListed = false
        }
    }

    /// Somebody else waits.
    var areThere: Bool {
        state.withLock { state in
            // A look would take ourselves off the list.
            guard !state.isListed else { return false }
            guard flock(directory, LOCK_EX | LOCK_NB) != 0 else {
                flock(directory, LOCK_UN)
                return false
            }
            return errno == EWOULDBLOCK
        }
    }

    /// Within it nobody waits long for a lock that another holds.
    func briefly<Value>(_ body: () throws -> Value) rethrows -> Value {
        state.withLock { $0.isBrief = true }
        defer { state.withLock { $0.isBrief = false } }
        return try body()
    }
}
