import GRDB
import Testing

@testable import Common

@Suite struct LaneStandingTests {
    private func standing(_ fixture: StoreFixture, _ id: String) throws -> LaneStanding? {
        try EventQueries(store: fixture.store).standing(of: try #require(EventID(id)).sequence)
    }

    @Test func saysBehindWhichEventOneWaits() throws {
        let fixture = try StoreFixture()
        let orders = try fixture.put(2, lane: "stripe:anna", type: "invoice.paid", route: .orderEvent)
        let other = try fixture.put(lane: "stripe:bo")
        #expect(try standing(fixture, orders[0]) == nil, "not lined up")
        try fixture.queue.lineUp()
        #expect(try standing(fixture, orders[0]) == .first(underWayUntil: nil))
        #expect(try standing(fixture, orders[1]) == .behind(orders[0]))
        #expect(try standing(fixture, other) == .first(underWayUntil: nil))
        let pushes = try fixture.claim("one")
        #expect(try standing(fixture, orders[0]) == .first(underWayUntil: fixture.now + .seconds(45)))
        #expect(try standing(fixture, orders[1]) == .behind(orders[0]))
        try fixture.settle(pushes, .done(httpStatus: 200), lease: "one")
        #expect(try standing(fixture, orders[0]) == nil)
        #expect(try standing(fixture, orders[1]) == .first(underWayUntil: nil))
    }

    @Test func whatGoesTogetherWaitsForNothing() throws {
        let fixture = try StoreFixture()
        let events = try fixture.put(2, lane: "stripe:anna")
        let pushes = try fixture.claim("one")
        let late = try fixture.put(lane: "stripe:anna")
        let until = fixture.now + .seconds(45)
        #expect(try events.map { try standing(fixture, $0) } == [.first(underWayUntil: until), .first(underWayUntil: until)])
        try fixture.settle(pushes, .retry(at: fixture.now + .seconds(9), countsTry: true, failure: failure), lease: "one")
        try fixture.queue.lineUp()
        #expect(try events.map { try standing(fixture, $0) } == [.first(underWayUntil: nil), .first(underWayUntil: nil)])
        #expect(try standing(fixture, late) == .behind(events[0]))
    }

    @Test func readsOneLaneAlone() throws {
        let plan = try StoreFixture().store.read { db in
            try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN \(StandingSQL.standing)", arguments: [1]).map { $0["detail"] as String }
        }
        #expect(plan.allSatisfy { !$0.hasPrefix("SCAN") }, "\(plan)")
    }
}
