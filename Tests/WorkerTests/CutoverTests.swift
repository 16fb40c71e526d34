import GRDB
import Testing

@testable import Common

@Suite struct CutoverTests {
    private static func rule(_ pattern: String, _ mode: String) -> Cutover.Rule { Cutover.Rule(pattern: EventPattern(pattern), mode)! }

    @Test(
        arguments: [
            ("no rule", [], Cutover.Mode.live), ("all off", [rule("*/*", "off")], .off),
            ("another source", [rule("github/*", "off")], .live),
            ("the first counts", [rule("stripe/customer.*", "live"), rule("*/*", "off")], .live),
            ("another type", [rule("stripe/invoice.*", "live"), rule("stripe/*", "mirror")], .mirror),
            ("nobody", [rule("*/*", "0%")], .mirror),
            ("everybody", [rule("*/*", "100%")], .live),
        ] as [(String, [Cutover.Rule], Cutover.Mode)])
    func goesByItsRules(_ what: String, _ rules: [Cutover.Rule], _ mode: Cutover.Mode) {
        #expect(Cutover(rules: rules).mode(tenant: "acme", source: "stripe", type: "customer.updated", lane: "stripe:1") == mode, "\(what)")
    }

    @Test(arguments: ["", "on", "Live", "101%", "-1%", "5", "%", "5.5%", " 5%"])
    func refuses(_ text: String) { #expect(Cutover.Rule(pattern: "*/*", text) == nil) }

    /// Who is in at ten percent is in at twenty.
    @Test func aShareGrows() {
        func live(_ percent: Int) -> Set<Int> {
            let cutover = Cutover(rules: [Self.rule("*/*", "\(percent)%")])
            return Set((0..<2000).filter { cutover.mode(tenant: "acme", source: "stripe", type: "x", lane: "stripe:\($0)") == .live })
        }
        #expect(live(10).isSubset(of: live(20)) && live(20).isSubset(of: live(100)))
        #expect((120...280).contains(live(10).count) && live(100).count == 2000)
    }

    /// `printf 'acme\nstripe:1' | sha256sum`: its first four bytes, modulo 100.
    @Test func aShareIsTheSameForEver() {
        #expect(Cutover.share(tenant: "acme", lane: "stripe:1") == Int(UInt32(0xfc91_ff95) % 100))
    }

    @Test func foldsNothingThatGoesAnotherWay() throws {
        let fixture = try StoreFixture()
        let first = try fixture.put(2, lane: "stripe:anna", type: "customer.updated")
        let second = try fixture.put(lane: "stripe:anna", type: "customer.created")
        var queue = fixture.queue
        queue.cutovers = ["acme": Cutover(rules: [Self.rule("stripe/customer.created", "mirror")])]
        func next(_ lease: String) throws -> ClaimedPush {
            try #require(
                try queue.claim(
                    tenant: "acme", limits: .init(items: 9), lease: lease, until: fixture.now + .seconds(45), now: fixture.now
                ).first)
        }
        let live = try next("a")
        #expect(live.ids == first && live.mode == .live)
        try fixture.settle([live], .done(httpStatus: 200), lease: "a")
        let mirrored = try next("b")
        #expect(mirrored.ids == [second] && mirrored.mode == .mirror)
    }
}

@Suite struct MirroredEventsTests {
    @Test func areKeptAndReleasedInOrder() throws {
        let fixture = try StoreFixture()
        let ids = try fixture.put(2, lane: "stripe:anna")
        let push = try fixture.claim("one")
        try fixture.settle(push, .kept(.mirror, payload: Bytes("{}".utf8)), lease: "one")
        #expect(try fixture.tally() == ["received": 2])
        #expect(try fixture.job(ids[0]).status == "discarded")
        #expect(try fixture.event(ids[0]) == ("received", 0, nil))
        #expect(try fixture.claim("two").isEmpty)
        let mirrored = EventQueries(store: fixture.store).mirrored
        let list = try mirrored.list(tenant: "acme", source: nil, limit: 9)
        #expect(list.map(\.id) == ids && list.allSatisfy { $0.mode == .mirror && $0.pushKey == push[0].key })
        #expect(try mirrored.list(tenant: "globex", source: nil, limit: 9).isEmpty)
        #expect(try mirrored.kept(list[1].sequence)?.payload == Bytes("{}".utf8), "the push's, whichever of its events is asked for")
        // A later one of the same person waits already.
        let later = try fixture.put(lane: "stripe:anna")
        #expect(try mirrored.release(list.map(\.sequence).reversed(), now: fixture.now) == 2)
        #expect(try mirrored.release(list.map(\.sequence), now: fixture.now) == 0)
        #expect(try fixture.tally() == ["queued": 3])
        #expect(try fixture.claim("three").map(\.ids) == [ids + [later]])
    }

    /// Released in front of a push that nobody heard of again: the two stay two.
    @Test func areNoPartOfAPushThatWasBegun() throws {
        let fixture = try StoreFixture()
        let mirrored = try fixture.put(lane: "stripe:anna")
        try fixture.settle(try fixture.claim("one"), .kept(.mirror, payload: nil), lease: "one")
        let ids = try fixture.put(2, lane: "stripe:anna")
        let begun = try fixture.claim("two")
        let events = EventQueries(store: fixture.store).mirrored
        #expect(try events.release(events.list(tenant: nil, source: nil, limit: 9).map(\.sequence), now: fixture.now) == 1)
        for lease in ["three", "four"] {
            fixture.now = fixture.now + .seconds(45)
            #expect(try fixture.claim(lease).map(\.ids) == [[mirrored]])
        }
        fixture.now = fixture.now + .seconds(45)
        let alone = try #require(
            try fixture.queue.claimSuspect(tenant: "acme", lease: "five", until: fixture.now + .seconds(45), now: fixture.now))
        #expect(alone.ids == [mirrored])
        try fixture.settle([alone], .done(httpStatus: 200), lease: "five")
        let again = try fixture.claim("six")
        #expect(again.map(\.ids) == [ids] && again[0].key == begun[0].key)
    }

    @Test func everyStatementPrepares() throws {
        try StoreFixture().store.read { db in for sql in MirrorSQL.all + PurgeSQL.all { _ = try db.makeStatement(sql: sql) } }
    }
}

@Suite struct PurgeTests {
    private let days: (Int64) -> Duration = { .seconds($0 * 86_400) }

    /// Five events a day old each: processed, dead, kept, open, discarded.
    private func fill() throws -> StoreFixture {
        let fixture = try StoreFixture()
        try fixture.put(lane: "a", key: "done")
        try fixture.settle(try fixture.claim("one"), .done(httpStatus: 200), lease: "one")
        try fixture.put(lane: "b", key: "dead")
        try fixture.queue.settle(
            try fixture.claim("two").map { ($0, .dead(failure)) }, lease: "two",
            trace: RequestTrace(requestID: "r", tookMilliseconds: 1, answer: nil),
            now: fixture.now)
        try fixture.put(lane: "c", route: .keep, key: "kept")
        try fixture.put(lane: "d", key: "mirrored")
        try fixture.settle(try fixture.claim("three"), .kept(.off, payload: nil), lease: "three")
        try fixture.put(lane: "e", key: "open")
        return fixture
    }

    @Test(
        arguments: [
            ("too young", 89, [EventStatus.processed], [5, 0, 0]), ("processed", 91, [.processed], [4, 1, 0]),
            ("all that may go", 91, [.processed, .failed, .received, .discarded], [1, 4, 0]), ("the open never", 91, [.queued], [5, 0, 0]),
        ] as [(String, Int64, Set<EventStatus>, [Int])])
    func removesWhatIsOldAndDone(_ what: String, _ age: Int64, _ statuses: Set<EventStatus>, _ expected: [Int]) throws {
        let fixture = try fill()
        let rule = Purge.Rule(olderThan: days(90), statuses: statuses)
        let now = fixture.now + days(age)
        let dry = try fixture.queue.purge.all(rule, dryRun: true, now: now)
        let before = try fixture.tally().values.reduce(0, +)
        #expect(before == 5, "a dry run changes nothing")
        #expect(try fixture.queue.purge.all(rule, dryRun: false, now: now) == dry)
        #expect(try [fixture.tally().values.reduce(0, +), dry.removed, dry.emptied] == expected, "\(what)")
        if statuses.contains(.failed) { #expect(try fixture.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM attempt") } == 0) }
    }

    @Test func keysOutliveTheirPayloads() throws {
        let fixture = try fill()
        let rule = Purge.Rule(olderThan: days(1), statuses: [.processed])
        let later = fixture.now + days(2)
        var count = try fixture.queue.purge.all(rule, dryRun: false, now: later)
        #expect(count.removed == 0 && count.emptied == 1)
        count = try fixture.queue.purge.all(rule, dryRun: false, now: later)
        #expect(count == Purge.Count(), "once is enough")
        fixture.now = later
        let known = try fixture.put(lane: "a", key: "done")
        #expect(try fixture.event(known).status == "processed", "a repeat is a duplicate still")
        #expect(try fixture.queue.purge.all(rule, dryRun: false, now: fixture.now + days(31)).removed == 1)
    }

    /// Between the look and the removal somebody may have one pushed once more.
    @Test(arguments: [(PurgeSQL.empty, "processed", 1), (PurgeSQL.empty, "failed", 0), (PurgeSQL.remove, "failed", 0)])
    func leavesAloneWhatIsNoLongerAsItWasSeen(_ sql: String, _ seen: String, _ changed: Int) throws {
        let fixture = try fill()
        let count = try fixture.store.write { db in
            try db.execute(
                sql: sql, arguments: [try Int64.fetchOne(db, sql: "SELECT seq FROM webhook_event WHERE status = 'processed'"), seen])
            return db.changesCount
        }
        #expect(count == changed)
    }

    /// Begun by a clock that was a year ahead.
    @Test func aPassThatBeginsLaterThanNowBeginsAnew() throws {
        let fixture = try fill()
        let rule = Purge.Rule(olderThan: days(1), statuses: [.processed])
        #expect(try fixture.queue.purge.someSteps(9, rule, now: fixture.now + days(365)).removed == 1)
        try fixture.put(lane: "f", key: "more")
        try fixture.settle(try fixture.claim("four", items: 9), .done(httpStatus: 200), lease: "four")
        try fixture.store.write { try $0.execute(sql: "UPDATE purge SET seq = (SELECT max(seq) FROM webhook_event)") }
        #expect(try fixture.queue.purge.someSteps(9, rule, now: fixture.now + days(40)).removed > 0)
    }

    @Test func goesOnWhereItWas() throws {
        let fixture = try StoreFixture()
        try fixture.putAtOnce(450, lane: "a", route: .orderEvent)
        try fixture.store.write { try $0.execute(sql: "DELETE FROM job_execution; UPDATE webhook_event SET status = 'discarded'") }
        try fixture.store.write { try $0.execute(sql: "UPDATE event_tally SET status = 'discarded'") }
        let rule = Purge.Rule(olderThan: days(90), statuses: [.discarded])
        let now = fixture.now + days(100)
        #expect(try (0..<4).map { _ in try fixture.queue.purge.someSteps(1, rule, now: now).removed } == [200, 200, 50, 0])
        #expect(try fixture.tally().isEmpty)
        let dead = try fixture.put(lane: "b", key: "late")
        try fixture.settle(try fixture.claim("one"), .dead(failure), lease: "one")
        let all = Purge.Rule(olderThan: days(1), statuses: [.failed])
        #expect(try fixture.queue.purge.someSteps(9, all, now: now + days(40)).removed == 1, "a new pass each day")
        #expect(
            try fixture.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM webhook_event WHERE id = ?", arguments: [dead]) } == 0)
    }
}
