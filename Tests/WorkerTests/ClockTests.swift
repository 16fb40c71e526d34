import GRDB
import Testing

@testable import Common
@testable import CronWorker

@Suite struct ClockTests {
    private static let lease = Duration.seconds(45)
    private static let failure = PushFailure(cause: "timeout", text: "no answer")

    /// What has been claimed, tried, or only put in, before the clock goes back an hour.
    enum Before: String, CaseIterable { case untouched, leased, tried }

    @Test(arguments: [(Before.untouched, 0), (.leased, 45), (.tried, 27)])
    func whatWaitsHasItsTimeAgain(_ before: Before, _ seconds: Int) throws {
        let fixture = try StoreFixture()
        let event = try fixture.put(lane: "stripe:anna")
        if before == .untouched { while try fixture.queue.lineUp() {} }
        if before != .untouched {
            let pushes = try fixture.claim("one")
            if before == .tried {
                let later = fixture.now + .seconds(27)
                try fixture.settle(pushes, .retry(at: later, countsTry: true, failure: Self.failure), lease: "one")
            }
        }
        fixture.now = fixture.now + .seconds(-3600)
        #expect(try fixture.queue.mindTheClock(lease: Self.lease, now: fixture.now) == 1)
        // Each run asks again, and must not put off what it has put right.
        for _ in 0..<seconds {
            #expect(try fixture.queue.mindTheClock(lease: Self.lease, now: fixture.now) == 0)
            #expect(try fixture.claim().isEmpty)
            fixture.now = fixture.now + .seconds(1)
        }
        #expect(try fixture.claim().map(\.ids) == [[event]])
    }

    /// Nothing is touched that waits rightly: a lease, a long wait that WordPress asked for.
    @Test func leavesAloneWhatWaitsRightly() throws {
        let fixture = try StoreFixture()
        try fixture.put(lane: "stripe:anna")
        let asked = fixture.now + .seconds(3600)
        try fixture.settle(try fixture.claim("one"), .retry(at: asked, countsTry: false, failure: Self.failure), lease: "one")
        try fixture.put(lane: "stripe:bo")
        _ = try fixture.claim("two")
        #expect(try fixture.queue.mindTheClock(lease: Self.lease, now: fixture.now) == 0)
        fixture.now = fixture.now + .seconds(86_400)
        #expect(try fixture.queue.mindTheClock(lease: Self.lease, now: fixture.now) == 0)
    }

    @Test func anOpenCircuitIsOpenNoLonger() throws {
        let fixture = try StoreFixture()
        let now = fixture.now.milliseconds
        try fixture.store.write {
            try $0.execute(
                sql: "INSERT INTO circuit VALUES ('acme', 'https://a', 'open', 9, 9, ?, ?, 5000, 'timeout', '')",
                arguments: [now, now + 5000])
        }
        fixture.now = fixture.now + .seconds(-3600)
        #expect(try fixture.queue.mindTheClock(lease: Self.lease, now: fixture.now) == 1)
        let row = try fixture.store.read { try Int64.fetchOne($0, sql: "SELECT retry_at FROM circuit") }
        #expect(row == fixture.now.milliseconds + 5000)
    }

    @Test(arguments: [(0, false), (256 << 20, false), (256 << 20 + 1, true)])
    func saysWhenTheLogIsLong(_ bytes: Int, _ isSaid: Bool) {
        #expect((LogLine.longWriteAheadLog(bytes, at: monday) != nil) == isSaid)
    }
}
