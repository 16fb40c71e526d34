import GRDB
import Testing

@testable import Common

@Suite struct ClaimTests {
    @Test func givesOnePushALane() throws {
        let fixture = try StoreFixture()
        let anna = try fixture.put(3, lane: "stripe:anna")
        let bo = try fixture.put(2, lane: "stripe:bo")
        let orders = try fixture.put(2, lane: "stripe:cy", type: "invoice.paid", route: .orderEvent)
        let pushes = try fixture.claim("one")
        #expect(pushes.map(\.ids) == [anna, bo, [orders[0]]])
        #expect(pushes.map(\.key) == [Coalescing.key(of: anna), Coalescing.key(of: bo), orders[0]])
        #expect(try fixture.begun(pushes[0]) == 3)
        #expect(try fixture.job(orders[1]).status == "waiting")
        #expect(try fixture.claim("two").isEmpty)
    }

    @Test func nobodysEventsWaitForNobody() throws {
        let fixture = try StoreFixture()
        let events = try fixture.put(3, lane: nil)
        #expect(try fixture.claim().map(\.ids) == events.map { [$0] })
    }

    @Test func keepsOrderAcrossKinds() throws {
        let fixture = try StoreFixture()
        let lane = "stripe:anna"
        let syncs = try fixture.put(2, lane: lane)
        let order = try fixture.put(lane: lane, type: "invoice.paid", route: .orderEvent)
        let deletion = try fixture.put(lane: lane, type: "customer.deleted")
        let after = try fixture.put(2, lane: lane)
        var seen: [[String]] = []
        while let push = try fixture.claim("lease").first {
            seen.append(push.ids)
            try fixture.settle([push], .done(httpStatus: 200), lease: "lease")
        }
        #expect(seen == [syncs, [order], [deletion], after])
    }

    @Test func takesWhatIsLongestDueFirstAndNoMoreThanAsked() throws {
        let fixture = try StoreFixture()
        var events: [String] = []
        for number in 0..<5 {
            events.append(try fixture.put(lane: "stripe:\(number)"))
            fixture.now = fixture.now + .milliseconds(1)
        }
        #expect(try fixture.claim(items: 2).map(\.ids) == [[events[0]], [events[1]]])
        #expect(try fixture.claim(items: 2).map(\.ids) == [[events[2]], [events[3]]])
        #expect(try fixture.claim(items: 2).map(\.ids) == [[events[4]]])
        #expect(try fixture.claim(items: 2).isEmpty)
    }

    @Test func takesNothingBeforeItIsDue() throws {
        let fixture = try StoreFixture()
        try fixture.put(lane: "stripe:anna")
        fixture.now = fixture.now + .milliseconds(-1)
        #expect(try fixture.claim().isEmpty)
        fixture.now = fixture.now + .milliseconds(1)
        #expect(try fixture.claim().count == 1)
    }

    @Test(arguments: [(3000, 3), (2999, 2), (2000, 2), (1999, 1), (1, 1), (0, 1)])
    func staysWithinItsBytesButForTheFirst(_ limit: Int, _ expected: Int) throws {
        let fixture = try StoreFixture()
        for number in 0..<3 { try fixture.put(lane: "stripe:\(number)", bytes: 1000) }
        #expect(try fixture.claim(bytes: limit).count == expected)
    }

    @Test func leavesKeptEventsAlone() throws {
        let fixture = try StoreFixture()
        try fixture.put(lane: "github:1", route: .keep)
        #expect(try fixture.claim().isEmpty)
        #expect(try fixture.queue.dueTenants(now: fixture.now).isEmpty)
        #expect(try fixture.tally() == ["received": 1])
    }

    @Test func givesWhatIsStored() throws {
        let fixture = try StoreFixture()
        let id = try fixture.put(lane: "stripe:anna", type: "customer.created", bytes: 7)
        let push = try #require(try fixture.claim().first)
        #expect(push.route == .userSync)
        #expect(push.tenant == "acme")
        #expect(push.attempts == 0)
        #expect(push.events[0].id == id)
        #expect(push.events[0].source == "stripe")
        #expect(push.events[0].type == "customer.created")
        #expect(push.events[0].receivedAt == monday)
        #expect(push.events[0].rawBody.count == 7)
    }

    @Test func keepsTenantsApart() throws {
        let fixture = try StoreFixture()
        let acme = try fixture.put(lane: "stripe:anna", key: "evt_same")
        let globex = try fixture.put(lane: "stripe:anna", tenant: "globex", key: "evt_same")
        #expect(acme != globex)
        try fixture.queue.lineUp()
        #expect(try fixture.queue.dueTenants(now: fixture.now) == ["acme", "globex"])
        let push = try #require(try fixture.claim("a", tenant: "acme").first)
        #expect(push.ids == [acme])
        #expect(try fixture.queue.dueTenants(now: fixture.now) == ["globex"])
        // The same person at another tenant is another person.
        #expect(try fixture.claim("b", tenant: "globex").map(\.ids) == [[globex]])
        try fixture.settle([push], .done(httpStatus: 200), lease: "a")
        #expect(try fixture.tally(tenant: "acme") == ["processed": 1])
        #expect(try fixture.tally(tenant: "globex") == ["queued": 1])
        #expect(try fixture.claim(tenant: "nobody").isEmpty)
    }

    @Test func aRunOfOnePersonsWaitingEventsKeepsNobodyElseBack() throws {
        let fixture = try StoreFixture()
        let head = try fixture.put(lane: "stripe:anna", type: "invoice.paid", route: .orderEvent)
        #expect(try fixture.claim("one").map(\.ids) == [[head]])
        _ = try fixture.put(5, lane: "stripe:anna", type: "invoice.paid", route: .orderEvent)
        let other = try fixture.put(lane: "stripe:bo")
        let claimed = try fixture.claim("two", items: 1).map(\.ids)
        #expect(claimed == [[other]])
    }

    /// However many lanes wait in front.
    @Test func waitingLanesAreNotLookedAt() throws {
        let fixture = try StoreFixture()
        for person in 0..<12 { _ = try fixture.put(2, lane: "stripe:\(person)", type: "invoice.paid", route: .orderEvent) }
        try fixture.settle(
            try fixture.claim("one"), .retry(at: fixture.now + .seconds(60), countsTry: true, failure: failure), lease: "one")
        let other = try fixture.put(lane: "stripe:bo")
        #expect(try fixture.claim("one", items: 1).map(\.ids) == [[other]])
        #expect(try fixture.claim("two", items: 1).isEmpty)
    }
}

@Suite struct LaneTests {
    @Test func isHeldWhileItsHeadIsUnderWay() throws {
        let fixture = try StoreFixture()
        let orders = try fixture.put(3, lane: "stripe:anna", type: "invoice.paid", route: .orderEvent)
        let push = try fixture.claim("one")
        #expect(try fixture.claim("two").isEmpty)
        #expect(try fixture.queue.dueTenants(now: fixture.now).isEmpty, "nobody looks at them again before the lease ends")
        fixture.now = fixture.now + .seconds(1)
        try fixture.settle(push, .done(httpStatus: 200), lease: "one")
        #expect(try fixture.claim("two").map(\.ids) == [[orders[1]]])
    }

    @Test func isHeldWhileItsHeadWaitsForItsNextTry() throws {
        let fixture = try StoreFixture()
        let events = try fixture.put(2, lane: "stripe:anna")
        let push = try fixture.claim("one")
        try fixture.settle(push, .retry(at: fixture.now + .seconds(9), countsTry: true, failure: failure), lease: "one")
        let late = try fixture.put(lane: "stripe:anna")
        #expect(try fixture.claim("two").isEmpty)
        #expect(try fixture.job(late).status == "waiting")
        #expect(try fixture.queue.dueTenants(now: fixture.now).isEmpty)
        fixture.now = fixture.now + .seconds(9)
        let again = try fixture.claim("three")
        #expect(again.map(\.ids) == [events], "the same events, and not the later one")
        #expect(again[0].key == push[0].key)
        #expect(again[0].attempts == 1)
        try fixture.settle(again, .done(httpStatus: 200), lease: "three")
        #expect(try fixture.claim("four").map(\.ids) == [[late]])
    }

    /// What makes WordPress fail takes others with it once.
    @Test func goesByItselfOnceItHasFailed() throws {
        let fixture = try StoreFixture()
        let tried = try ["anna", "bo"].map { try fixture.put(lane: "stripe:\($0)") }
        try fixture.settle(try fixture.claim("one"), .retry(at: fixture.now, countsTry: true, failure: failure), lease: "one")
        let fresh = try ["cy", "dan"].map { try fixture.put(lane: "stripe:\($0)") }
        #expect(try fixture.claim("two").map(\.ids) == [[tried[0]]])
        #expect(try fixture.claim("three").map(\.ids) == [[tried[1]]])
        #expect(try fixture.claim("four").map(\.ids) == fresh.map { [$0] })
    }

    @Test func nobodyWaitsForItMeanwhile() throws {
        let fixture = try StoreFixture()
        let tried = try fixture.put(lane: "stripe:anna")
        try fixture.settle(try fixture.claim("one"), .retry(at: fixture.now + .seconds(1), countsTry: true, failure: failure), lease: "one")
        let fresh = try ["cy", "dan"].map { try fixture.put(lane: "stripe:\($0)") }
        fixture.now = fixture.now + .seconds(2)
        #expect(try fixture.claim("two").map(\.ids) == fresh.map { [$0] }, "who is longer due goes first, without it")
        #expect(try fixture.claim("three").map(\.ids) == [[tried]])
    }

    @Test func isReleasedByADeadHead() throws {
        let fixture = try StoreFixture()
        let orders = try fixture.put(2, lane: "stripe:anna", type: "invoice.paid", route: .orderEvent)
        try fixture.settle(try fixture.claim("one"), .dead(failure), lease: "one")
        #expect(try fixture.claim("two").map(\.ids) == [[orders[1]]])
    }

    @Test func releasesNoOtherLane() throws {
        let fixture = try StoreFixture()
        let anna = try fixture.put(2, lane: "stripe:anna", type: "invoice.paid", route: .orderEvent)
        let bo = try fixture.put(2, lane: "stripe:bo", type: "invoice.paid", route: .orderEvent)
        let pushes = try fixture.claim("one")
        try fixture.settle([pushes[0]], .done(httpStatus: 200), lease: "one")
        #expect(try fixture.claim("three").map(\.ids) == [[anna[1]]])
        #expect(try fixture.job(bo[1]).status == "waiting")
    }
}

@Suite struct LeaseTests {
    @Test func endsAtItsTimeAndThePushGoesAsItWas() throws {
        let fixture = try StoreFixture()
        let events = try fixture.put(2, lane: "stripe:anna")
        let first = try fixture.claim("one")
        let late = try fixture.put(lane: "stripe:anna")
        fixture.now = fixture.now + .milliseconds(44_999)
        #expect(try fixture.claim("two").isEmpty)
        fixture.now = fixture.now + .milliseconds(1)
        let again = try fixture.claim("two")
        #expect(again.map(\.ids) == [events])
        #expect(again.map(\.key) == first.map(\.key))
        #expect(again[0].attempts == 0, "nobody knows of an answer")
        #expect(try fixture.begun(again[0]) == 2)
        #expect(try fixture.job(late).key == nil)
    }

    @Test(arguments: [
        Verdict.done(httpStatus: 200), .dead(failure), .retry(at: monday + .seconds(3600), countsTry: true, failure: failure),
    ])
    func anotherCannotSettle(_ verdict: Verdict) throws {
        let fixture = try StoreFixture()
        let events = try fixture.put(2, lane: "stripe:anna")
        let first = try fixture.claim("one")
        fixture.now = fixture.now + .seconds(45)
        _ = try fixture.claim("two")
        let before = try events.map { try fixture.job($0) }
        #expect(try fixture.settle(first, verdict, lease: "one") == 2)
        #expect(try fixture.settle(first, verdict, lease: "") == 2)
        #expect(try events.map { try fixture.job($0) } == before)
        #expect(try fixture.event(events[0]).status == "queued")
        #expect(try fixture.event(events[0]).error == nil)
        #expect(try fixture.tally() == ["queued": 2])
    }

    @Test func isOverOnceItIsSettled() throws {
        let fixture = try StoreFixture()
        let id = try fixture.put(lane: "stripe:anna")
        let push = try fixture.claim("one")
        #expect(try fixture.settle(push, .done(httpStatus: 200), lease: "one") == 0)
        #expect(try fixture.settle(push, .dead(failure), lease: "one") == 1)
        #expect(try fixture.event(id).status == "processed")
        #expect(try fixture.tally() == ["processed": 1])
    }

    /// What stands behind a push of somebody else's goes on being held.
    @Test func aLateAnswerReleasesNoLane() throws {
        let fixture = try StoreFixture()
        let orders = try fixture.put(2, lane: "stripe:anna", type: "invoice.paid", route: .orderEvent)
        let first = try fixture.claim("one")
        fixture.now = fixture.now + .seconds(45)
        _ = try fixture.claim("two")
        #expect(try fixture.settle(first, .done(httpStatus: 200), lease: "one") == 1)
        #expect(try fixture.job(orders[1]).status == "waiting")
        #expect(try fixture.claim("four").isEmpty, "order is kept all the same")
    }
}

@Suite struct SettleTests {
    @Test func done() throws {
        let fixture = try StoreFixture()
        let events = try fixture.put(2, lane: "stripe:anna")
        fixture.now = fixture.now + .seconds(2)
        #expect(try fixture.settle(try fixture.claim("one"), .done(httpStatus: 202), lease: "one") == 0)
        for id in events {
            let job = try fixture.job(id)
            #expect(
                job
                    == .init(
                        status: "done", attempts: 1, due: 0, lease: nil, key: Coalescing.key(of: events), cause: nil, finished: 2000))
            #expect(try fixture.event(id) == ("processed", 1, nil))
        }
        #expect(try fixture.tally() == ["processed": 2])
        #expect(try fixture.claim().isEmpty)
    }

    @Test(arguments: [(true, 1), (false, 0)])
    func retry(_ counts: Bool, _ attempts: Int) throws {
        let fixture = try StoreFixture()
        let id = try fixture.put(lane: "stripe:anna")
        try fixture.settle(
            try fixture.claim("one"), .retry(at: fixture.now + .seconds(3), countsTry: counts, failure: failure), lease: "one")
        #expect(
            try fixture.job(id)
                == .init(status: "waiting", attempts: attempts, due: 3000, lease: nil, key: id, cause: "http_500", finished: nil))
        #expect(try fixture.event(id) == ("queued", attempts, "http_500: status 500"))
        #expect(try fixture.tally() == ["queued": 1])
    }

    @Test func dead() throws {
        let fixture = try StoreFixture()
        let id = try fixture.put(lane: "stripe:anna")
        try fixture.settle(try fixture.claim("one"), .dead(failure), lease: "one")
        #expect(try fixture.job(id) == .init(status: "dead", attempts: 1, due: 0, lease: nil, key: id, cause: "http_500", finished: 0))
        #expect(try fixture.event(id) == ("failed", 1, "http_500: status 500"))
        #expect(try fixture.tally() == ["failed": 1])
        #expect(try fixture.claim().isEmpty)
    }

    @Test func aLaterSuccessClearsTheError() throws {
        let fixture = try StoreFixture()
        let id = try fixture.put(lane: "stripe:anna")
        try fixture.settle(try fixture.claim("one"), .retry(at: fixture.now, countsTry: true, failure: failure), lease: "one")
        try fixture.settle(try fixture.claim("two"), .done(httpStatus: 200), lease: "two")
        #expect(try fixture.event(id) == ("processed", 2, nil))
        #expect(try fixture.job(id).cause == nil)
    }

    @Test func eachPushItsOwnWay() throws {
        let fixture = try StoreFixture()
        for number in 0..<3 { try fixture.put(lane: "stripe:\(number)") }
        let pushes = try fixture.claim("one")
        let verdicts: [Verdict] = [.done(httpStatus: 200), .retry(at: fixture.now, countsTry: true, failure: failure), .dead(failure)]
        #expect(try fixture.queue.settle(Array(zip(pushes, verdicts)).map { ($0, $1) }, lease: "one", now: fixture.now) == 0)
        #expect(try fixture.tally() == ["processed": 1, "queued": 1, "failed": 1])
    }

    @Test func aRepeatedEventIsCountedOnce() throws {
        let fixture = try StoreFixture()
        let id = try fixture.put(lane: "stripe:anna", key: "evt_a")
        #expect(try fixture.put(lane: "stripe:anna", key: "evt_a") == id)
        #expect(try fixture.tally() == ["queued": 1])
        #expect(try fixture.claim().map(\.ids) == [[id]])
    }

    @Test func nothingIsNothing() throws {
        let fixture = try StoreFixture()
        #expect(try fixture.queue.settle([], lease: "one", now: fixture.now) == 0)
        #expect(try fixture.tally() == [:])
    }
}

@Suite struct JobSQLTests {
    @Test func everyStatementPrepares() throws {
        let fixture = try StoreFixture()
        try fixture.store.write { db in
            for sql in JobSQL.all + LaneSQL.all + EventSQL.all + ClockSQL.all {
                #expect(throws: Never.self, "\(sql)") { _ = try db.makeStatement(sql: sql) }
            }
        }
    }

    /// Taking work costs the same whatever was done before: no statement of the claim reads a whole table.
    @Test(arguments: JobSQL.all + LaneSQL.all + ClockSQL.all)
    func readsOpenWorkAlone(_ sql: String) throws {
        let fixture = try StoreFixture()
        let plan = try fixture.store.read { db in
            try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN \(sql.replacing(/\?\d/, with: "1"))").map { $0["detail"] as String }
        }
        for step in plan {
            let whole = ["job_execution", "webhook_event", "lane_job", "lane", "j", "e", "l"].contains {
                step == "SCAN \($0)" || step.hasPrefix("SCAN \($0) USING")
            }
            #expect(!whole || step.contains("USING INDEX lane_due"), "\(step)")
        }
    }
}
