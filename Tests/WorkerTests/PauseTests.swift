import Testing

@testable import Common

@Suite struct PauseTests {
    @Test(
        arguments: [
            ("all", nil, nil, nil, 0), ("the tenant", "acme", nil, nil, 0), ("another", "globex", nil, nil, 2),
            ("the source", nil, "stripe", nil, 0), ("another source", "acme", "github", nil, 2), ("a route", nil, nil, Route.orderEvent, 1),
            ("another tenant's route", "globex", nil, .orderEvent, 2), ("all three", "acme", "stripe", .userSync, 1),
        ] as [(String, String?, String?, Route?, Int)])
    func holdsWhatItNames(_ what: String, _ tenant: String?, _ source: String?, _ route: Route?, _ goes: Int) throws {
        let fixture = try StoreFixture()
        let pauses = fixture.queue.pauses
        try fixture.put(lane: "stripe:anna")
        try fixture.put(lane: "stripe:bo", type: "invoice.paid", route: .orderEvent)
        let pause = Pauses.Pause(tenant: tenant, source: source, route: route)
        try pauses.add(pause, now: fixture.now)
        try pauses.add(pause, now: fixture.now + .seconds(9))
        #expect(try pauses.all().map(\.since) == [fixture.now], "said twice is said once")
        #expect(try fixture.claim("one").count == goes, "\(what)")
        #expect(try pauses.remove(pause) == 1)
        #expect(try fixture.claim("two").count == 2 - goes, "\(what)")
    }

    @Test func whatIsPausedHidesNobody() throws {
        let fixture = try StoreFixture()
        try fixture.queue.pauses.add(.init(tenant: nil, source: nil, route: .orderEvent), now: fixture.now)
        for person in 0..<25 { try fixture.put(lane: "stripe:\(person)", type: "invoice.paid", route: .orderEvent) }
        let other = try fixture.put(lane: "stripe:bo")
        #expect(try fixture.claim("one", items: 2).map(\.ids) == [[other]])
        #expect(try fixture.queue.dueTenants(now: fixture.now).isEmpty, "nobody looks at them again")
        #expect(try fixture.queue.pauses.remove(.init(tenant: nil, source: "github", route: nil)) == 0)
        #expect(try fixture.claim("two").isEmpty, "a resume of something else lets nothing go")
        #expect(try fixture.queue.pauses.remove(.init(tenant: nil, source: nil, route: nil)) == 1)
        #expect(try fixture.claim("three").count == 25)
    }

    @Test func everyStatementPrepares() throws {
        try StoreFixture().store.read { db in for sql in PauseSQL.all { _ = try db.makeStatement(sql: sql) } }
    }
}
