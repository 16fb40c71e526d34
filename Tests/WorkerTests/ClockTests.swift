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

    /// The clock was wrong at one time only: how long ago the first try was says nothing of how long the next one waits.
    @Test(arguments: [(-3600, 9), (-400 * 86_400, 9), (-3600, 90_000)])
    func whatWasTriedBeforeWaitsAsLongAsItWasMeantTo(_ jump: Int64, _ wait: Int64) throws {
        let fixture = try StoreFixture()
        try fixture.put(lane: "stripe:anna")
        try fixture.settle(try fixture.claim("one"), .retry(at: fixture.now, countsTry: true, failure: Self.failure), lease: "one")
        // Tried again by a clock that is two days and more ahead, which is then put right.
        fixture.now = fixture.now + .seconds(200_000)
        let again = try fixture.claim("two")
        try fixture.settle(again, .retry(at: fixture.now + .seconds(wait), countsTry: true, failure: Self.failure), lease: "two")
        fixture.now = fixture.now + .seconds(jump)
        #expect(try fixture.queue.mindTheClock(lease: Self.lease, now: fixture.now) == 1)
        // The settings allow no wait beyond a day.
        fixture.now = fixture.now + .seconds(min(wait, 86_400)) + .milliseconds(-1)
        #expect(try fixture.claim("three").isEmpty)
        fixture.now = fixture.now + .milliseconds(1)
        #expect(try fixture.claim("four").count == 1)
    }

    @Test func whatIsRevivedIsDueAtOnce() throws {
        let fixture = try StoreFixture()
        try fixture.put(lane: "stripe:anna")
        try fixture.settle(try fixture.claim("one"), .dead(Self.failure), lease: "one")
        fixture.now = fixture.now + .seconds(50_000)
        let letters = DeadLetters(store: fixture.store)
        #expect(try letters.retry(letters.sequences(.init()), now: fixture.now) == 1)
        fixture.now = fixture.now + .seconds(-3600)
        #expect(try fixture.queue.mindTheClock(lease: Self.lease, now: fixture.now) == 1)
        #expect(try fixture.claim("two").count == 1)
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

    /// Opened this long ago; it waits as long as the last time that it was opened, and no longer.
    @Test(arguments: [0, 1_000_000] as [Int64])
    func anOpenCircuitIsOpenNoLonger(_ age: Int64) throws {
        let fixture = try StoreFixture()
        let now = fixture.now.milliseconds
        try fixture.store.write {
            try $0.execute(
                sql: "INSERT INTO circuit VALUES ('acme', 'https://a', 'open', 9, 9, ?, ?, 5000, 'timeout', '')",
                arguments: [now - age, now + 5000])
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
