import Common
import Foundation

extension Worker {
    private static let look: Duration = .milliseconds(100)
    /// Steps of removal at a time, some milliseconds each.
    private static let purgeSteps = 20
    private static let longestCleaning: Duration = .seconds(1)

    /// Nothing is due. Waits for something to come, as long as this run was told to.
    /// - Returns: whether something is due.
    func waitForWork() throws -> Bool {
        let end = ContinuousClock.now + linger
        while !shouldStop(), .now < min(end, begun + longestRun) {
            tracer?.exporter.pump(all: true)
            Thread.sleep(forTimeInterval: Self.look / .seconds(1))
            if try hasWork() { return true }
            try clean(after: cleaned)
        }
        return false
    }

    private func hasWork() throws -> Bool {
        try lineUp()
        let now = clock.now()
        let due = Set(try queue.dueTenants(now: now)).subtracting(try pausedTenants())
        guard !due.isEmpty else { return false }
        try readCircuits()
        return endpoints.contains { due.contains($0.tenant.description) && $0.circuit?.gate(now: now) ?? .pass != .shut }
    }

    /// Removes some of what is older than the settings keep. On a slow disk less of it: answers of WordPress may wait meanwhile.
    func removeOldEvents() throws {
        let end = ContinuousClock.now + Self.longestCleaning
        for _ in 0..<Self.purgeSteps where .now < end {
            guard try queue.purge.removeOriginals(now: clock.now()) > 0, !shouldStop() else { break }
        }
        guard let retention else { return }
        let count = try queue.purge.someSteps(Self.purgeSteps, retention, end: end, now: clock.now())
        try queue.giveBackRoom(end: end)
        guard count != Purge.Count() else { return }
        LogSink.write([
            LogLine("old events removed", at: clock.now()).with("removed", Int64(count.removed)).with("emptied", Int64(count.emptied))
        ])
    }
}
