import Common
import Synchronization

/// The notes of all turns. A turn tells them; `CounterKeeper` does where its round does not come to its end, as on a disk that hangs, and when
/// all is over.
final class NoteKeeper: Sendable {
    private let notes = Mutex(Notes())
    private let pending: PendingCounters

    init(_ pending: PendingCounters) { self.pending = pending }

    var isEmpty: Bool { notes.withLock { $0.isEmpty } }

    /// What one round has to say.
    /// - Parameter time: by `SteadyClock`.
    func add(at time: Int64, _ write: (inout Notes) -> Void) {
        notes.withLock { notes in
            write(&notes)
            notes.end(at: time)
        }
    }

    func tell() { notes.withLock { $0.tell(pending) } }

    /// Unless they may wait for more of them.
    func tellDue(at time: Int64 = SteadyClock.now) {
        notes.withLock { if $0.areDue(at: time) { $0.tell(pending) } }
    }
}
