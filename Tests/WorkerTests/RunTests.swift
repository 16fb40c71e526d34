import Foundation
import GRDB
import Testing

@testable import Common
@testable import CronWorker

/// One run of the worker, against an address where nothing listens.
@Suite struct RunTests {
    private func worker(
        _ fixture: StoreFixture, _ settings: Settings = Settings(), linger: Duration = .zero, shouldStop: @escaping () -> Bool = { false }
    ) throws -> Worker {
        var settings = settings
        var site = Settings.WordPress(baseURL: "http://127.0.0.1:1")
        site.sharedSecret = Secret("shared")
        settings.tenants = ["acme": Settings.Tenant(wordpress: site)]
        let now = fixture.now
        return try Worker(
            queue: fixture.queue, settings: settings, clock: .stopped(at: now), linger: linger, shouldStop: shouldStop)
    }

    /// Where events come all the time a run lasts for minutes, and what it removes at its beginning is less than what comes.
    @Test func removesOldEventsAgainWhileItLasts() throws {
        let fixture = try StoreFixture()
        for batch in 0..<5 { try fixture.putAtOnce(1000, lane: "a", route: .keep, key: "old-\(batch)") }
        let left = { try fixture.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM webhook_event") } }
        fixture.now = fixture.now + .seconds(40 * 86_400)
        var settings = Settings()
        settings.retention = Purge.Rule(olderThan: .seconds(86_400), statuses: [.received])
        let end = ContinuousClock.now + .seconds(30)
        let worker = try worker(fixture, settings, linger: .seconds(30)) { (try? left()) == 0 || .now > end }
        worker.betweenCleanings = .zero
        var chores = 0
        worker.chore = { chores += 1 }
        worker.betweenChores = .zero
        try worker.drain()
        #expect(try left() == 0)
        #expect(chores > 0)
    }

    /// A backlog that takes longer is the next run's: systemd would end this one as hung.
    @Test func takesNothingMoreOnceItHasTakenLong() throws {
        let fixture = try StoreFixture()
        let event = try fixture.put(lane: "stripe:anna")
        let long = try worker(fixture)
        long.longestRun = .zero
        try long.drain()
        #expect(try fixture.job(event).attempts == 0)
        try worker(fixture).drain()
        #expect(try fixture.job(event).attempts == 1)
    }

    /// A source of the operator's own that the settings have no more says how its events are read.
    @Test(arguments: [("my-shop" as SourceName, "source_unknown"), ("stripe", "poison")])
    func saysWhyAnEventCannotBeRead(_ source: SourceName, _ cause: String) throws {
        let fixture = try StoreFixture()
        let event = try fixture.put(lane: "x:anna", source: source)
        try worker(fixture).drain()
        #expect(try fixture.job(event).cause == cause)
        #expect(try fixture.event(event).status == "failed")
    }
}
