import GRDB
import Testing

@testable import Common

/// Pushes of many events at once: what WordPress has is never pushed again, and the events' rows say so a little later.
@Suite struct LateMarkTests {
    private let fixture: StoreFixture
    private let events: [String]

    /// Three persons with a hundred events each.
    init() throws {
        fixture = try StoreFixture()
        for person in ["anna", "bo", "cy"] { try fixture.putAtOnce(100, lane: "stripe:\(person)", route: .userSync, key: person) }
        events = try fixture.store.read { try String.fetchAll($0, sql: "SELECT id FROM webhook_event ORDER BY seq") }
    }

    private func waiting() throws -> Int {
        try fixture.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM settled_push") ?? 0 }
    }

    @Test func areMarkedLater() throws {
        let pushes = try fixture.claim("one")
        fixture.now = fixture.now + .seconds(2)
        try fixture.settle(pushes, .done(httpStatus: 202), lease: "one")
        #expect(try fixture.tally() == ["queued": 300])
        #expect(try fixture.claim().isEmpty, "nobody gets them again")
        fixture.now = fixture.now + .seconds(3600)
        #expect(try fixture.claim().isEmpty, "not later either")
        try fixture.queue.markSettled()
        #expect(try fixture.tally() == ["processed": 300])
        for id in [events[0], events[150], events[299]] {
            let key = try #require(pushes.first { $0.ids.contains(id) }).key
            #expect(
                try fixture.job(id) == .init(status: "done", attempts: 1, due: 0, lease: nil, key: key, cause: nil, finished: 2000))
            #expect(try fixture.event(id) == ("processed", 1, nil))
        }
        #expect(try waiting() == 0)
    }

    @Test(arguments: [(2, 0), (3, 3)])
    func fewAreMarkedAtOnce(_ persons: Int, _ later: Int) throws {
        try fixture.settle(try fixture.claim("one", items: persons), .done(httpStatus: 200), lease: "one")
        #expect(try waiting() == later)
    }

    /// A worker fetches and settles answers while it marks.
    @Test func whatIsSettledBetweenTheMarksIsMarkedToo() throws {
        try fixture.settle(try fixture.claim("one"), .done(httpStatus: 200), lease: "one")
        for person in ["dee", "eve", "fay"] { try fixture.putAtOnce(100, lane: "stripe:\(person)", route: .userSync, key: person) }
        var calls = 0
        try fixture.queue.markSettled {
            calls += 1
            guard calls == 1 else { return }
            #expect(throws: Never.self) {
                #expect(try fixture.tally() == ["processed": 300, "queued": 300], "between two transactions")
                try fixture.settle(try fixture.claim("two"), .done(httpStatus: 200), lease: "two")
            }
        }
        #expect(calls == 2)
        #expect(try fixture.tally() == ["processed": 600])
        #expect(try waiting() == 0)
    }

    /// A worker may die between the marks and their end, and two may mark at once.
    @Test func twiceIsOnce() throws {
        try fixture.settle(try fixture.claim("one"), .done(httpStatus: 200), lease: "one")
        try fixture.store.write { try $0.execute(sql: "CREATE TEMP TABLE before AS SELECT * FROM settled_push") }
        try fixture.queue.markSettled()
        try fixture.store.write { try $0.execute(sql: "INSERT INTO settled_push SELECT * FROM before") }
        fixture.now = fixture.now + .seconds(1)
        try fixture.queue.markSettled()
        #expect(try fixture.tally() == ["processed": 300])
        #expect(try fixture.job(events[0]).attempts == 1)
        #expect(try waiting() == 0)
    }

    /// Two mark at once; one has read what the other has marked and forgotten, and meanwhile somebody has one of them pushed once more.
    @Test(arguments: [false, true])
    func whatOthersHaveMarkedAndForgottenIsLeftAlone(_ forgetsByItself: Bool) throws {
        try fixture.settle(try fixture.claim("one"), .done(httpStatus: 200), lease: "one")
        let read = try fixture.queue.settledPushes()
        #expect(read.pushes.count == 3)
        #expect(read.marks.count == 300)
        #expect(zip(read.marks, read.marks.dropFirst()).allSatisfy { $0.event < $1.event })
        if forgetsByItself {
            try fixture.queue.markSettled()
        } else {
            // The other has marked them, and not forgotten them yet.
            try fixture.store.write { try $0.execute(sql: "CREATE TEMP TABLE before AS SELECT * FROM settled_push") }
            try fixture.queue.markSettled()
            try fixture.store.write { try $0.execute(sql: "INSERT INTO settled_push SELECT * FROM before") }
        }
        let sequence = try #require(EventID(events[0])).sequence
        #expect(try Replays(store: fixture.store).replay([sequence], newKey: { "replay-1" }, now: fixture.now) == 1)
        try fixture.queue.mark(read)
        #expect(try fixture.tally() == ["processed": 299, "queued": 1])
        #expect(try fixture.job(events[0]).status == "waiting")
        #expect(try fixture.claim("two").map(\.key) == ["replay-1"])
    }

    /// Who forgets what it has marked forgets nothing that came since.
    @Test func noNumberIsGivenTwice() throws {
        func numbers() throws -> [Int64] {
            try fixture.store.read { try Int64.fetchAll($0, sql: "SELECT id FROM settled_push ORDER BY id") }
        }
        try fixture.settle(try fixture.claim("one"), .done(httpStatus: 200), lease: "one")
        let first = try numbers()
        try fixture.queue.markSettled()
        for person in ["anna", "bo", "cy"] { try fixture.putAtOnce(100, lane: "stripe:\(person)", route: .userSync, key: "more-\(person)") }
        try fixture.settle(try fixture.claim("two"), .done(httpStatus: 200), lease: "two")
        #expect(try #require(numbers().first) > #require(first.last))
    }

    @Test func whatFailsIsWrittenAtOnce() throws {
        let pushes = try fixture.claim("one")
        let later = fixture.now + .seconds(9)
        let verdicts: [Verdict] = [.dead(failure), .retry(at: later, countsTry: true, failure: failure), .done(httpStatus: 200)]
        try fixture.queue.settle(Array(zip(pushes, verdicts)), lease: "one", now: fixture.now)
        #expect(try fixture.tally() == ["failed": 100, "queued": 200])
        #expect(try waiting() == 1)
        try fixture.queue.markSettled()
        #expect(try fixture.tally() == ["failed": 100, "queued": 100, "processed": 100])
        fixture.now = later
        let again = try #require(try fixture.claim("two").first)
        #expect(again.key == pushes[1].key)
        #expect(again.attempts == 1)
        #expect(again.ids == pushes[1].ids)
    }

    @Test func aRetentionThatRunsMeanwhileLeavesThemAlone() throws {
        try fixture.settle(try fixture.claim("one"), .done(httpStatus: 200), lease: "one")
        let rule = Purge.Rule(olderThan: .seconds(86_400), statuses: Set(EventStatus.allCases))
        #expect(try fixture.queue.purge.all(rule, dryRun: false, now: fixture.now + .seconds(90 * 86_400)) == .init())
        try fixture.queue.markSettled()
        #expect(try fixture.queue.purge.all(rule, dryRun: false, now: fixture.now + .seconds(90 * 86_400)).removed == 300)
    }

    @Test func nothingIsNothing() throws {
        try fixture.queue.markSettled()
        #expect(try fixture.tally() == ["queued": 300])
    }

    @Test func everyStatementPrepares() throws {
        try fixture.store.write { db in
            for sql in SettledSQL.all { #expect(throws: Never.self, "\(sql)") { _ = try db.makeStatement(sql: sql) } }
        }
    }
}

@Suite struct SoonTests {
    /// What ingest answers for must not come to depend on who wrote last.
    @Test(arguments: [false, true])
    func theNextWriteWaitsForTheDiskAgain(_ fails: Bool) throws {
        let fixture = try StoreFixture()
        func level() throws -> Int? { try fixture.store.read { try Int.fetchOne($0, sql: "PRAGMA synchronous") } }
        let within = try? fixture.store.writeSoon { db in
            let level = try Int.fetchOne(db, sql: "PRAGMA synchronous")
            if fails { throw TestError() }
            return level
        }
        #expect(within == (fails ? nil : 1))
        #expect(try level() == 2)
    }

    private struct TestError: Error {}
}
