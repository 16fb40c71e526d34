import Backfill
import Common
import Foundation

/// One line on standard error that is written over and over, where that is a terminal.
final class BackfillProgressLine {
    private let isShown = isatty(STDERR_FILENO) == 1
    private var last = Timestamp(milliseconds: 0)
    private var isOpen = false

    /// At most four times a second.
    func show(_ report: BackfillReport) {
        let now = WallClock.system.now()
        guard isShown, now.milliseconds - last.milliseconds >= 250 else { return }
        (last, isOpen) = (now, true)
        let place = report.reached.milliseconds > 0 ? "  up to \(report.reached)" : ""
        write(
            "\r\u{1B}[K\(report.listed) listed, \(report.taken) taken, \(report.duplicates) duplicates, \(report.requests) requests\(place)"
        )
    }

    func end() {
        if isOpen { write("\n") }
        isOpen = false
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
