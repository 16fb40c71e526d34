import Common
import Foundation
import Synchronization

/// Takes counts into the store that no commit has taken along, tells what no turn has told, and says what the log has left out: every two
/// seconds, and when all is over.
/// Once a minute, and at the end, it takes the pulse: who looks later sees how long no event could be stored.
final class CounterKeeper: Sendable {
    private static let pause: Int32 = 2000

    private let desk: CurrentDesk
    private let notes: NoteKeeper
    /// Readable once the program is to end.
    private let stop: Int32
    private let lastBeat: Mutex<Timestamp?>

    /// Made before anybody is answered: the pulse in the store is then still that of the ingest before.
    init(desk: CurrentDesk, notes: NoteKeeper, stop: Int32) {
        (self.desk, self.notes, self.stop) = (desk, notes, stop)
        lastBeat = Mutex((try? desk.desk.store.lastPulse()) ?? nil)
    }

    func run() {
        var polled = pollfd(fd: stop, events: Int16(POLLIN), revents: 0)
        var beaten: Timestamp?
        repeat {
            keep()
            let now = WallClock.system.now()
            if beaten.map({ now < $0 || now >= $0 + Outage.betweenPulses }) ?? true, beat(now) { beaten = now }
        } while poll(&polled, 1, Self.pause) <= 0
    }

    func end() {
        keep(isLast: true)
        _ = beat(WallClock.system.now())
    }

    private func keep(isLast: Bool = false) {
        // First: the store may be what a turn waits for.
        if isLast { notes.tell() } else { notes.tellDue() }
        let desk = desk.desk
        desk.writer.flushCounters(isLast: isLast)
        LogSink.write(desk.refusals.leftOut(at: WallClock.system.now(), ending: isLast))
    }

    /// False where nothing can be stored: every request that it costs says so in the log.
    private func beat(_ now: Timestamp) -> Bool {
        let desk = desk.desk
        return lastBeat.withLock { last in
            guard (try? desk.checkSpace()) != nil, (try? desk.store.beat(now: now, since: last)) != nil else { return false }
            last = now
            return true
        }
    }
}
