import Foundation
import Testing

@testable import Common
@testable import CronWorker

/// One run of the worker, against an address where nothing listens.
@Suite struct RunTests {
    private func worker(_ fixture: StoreFixture) throws -> Worker {
        var settings = Settings()
        var site = Settings.WordPress(baseURL: "http://127.0.0.1:1")
        site.sharedSecret = Secret("shared")
        settings.tenants = ["acme": Settings.Tenant(wordpress: site)]
        let now = fixture.now
        return try Worker(queue: fixture.queue, settings: settings, clock: .stopped(at: now), shouldStop: { false })
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
