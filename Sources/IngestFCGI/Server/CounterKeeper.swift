import Common
import Foundation

/// Takes counts into the store that no commit has taken along, and says what the log has left out: every two seconds, and when all is over.
struct CounterKeeper {
    private static let pause: Int32 = 2000

    let desk: CurrentDesk
    /// Readable once the program is to end.
    let stop: Int32

    func run() {
        var polled = pollfd(fd: stop, events: Int16(POLLIN), revents: 0)
        while poll(&polled, 1, Self.pause) <= 0 { keep(isLast: false) }
    }

    func keep(isLast: Bool) {
        let desk = desk.desk
        desk.writer.flushCounters()
        LogSink.write(desk.refusals.leftOut(at: WallClock.system.now(), ending: isLast))
    }
}
