import GRDB
import Testing

@testable import Common

/// What a claim and its settling cost, in rows written.
@Suite struct LongLaneTests {
    @Test(arguments: [(Route.orderEvent, 1), (.userSync, 100)])
    func costsWhatIsPushedAlone(_ route: Route, _ events: Int) throws {
        func rowsWritten(behind count: Int) throws -> Int {
            let fixture = try StoreFixture()
            try fixture.putAtOnce(100 + count, lane: "stripe:anna", route: route)
            while try fixture.queue.lineUp() {}
            let before = try fixture.changes()
            let pushes = try fixture.claim("one")
            #expect(pushes.map(\.events.count) == [events])
            try fixture.settle(pushes, .retry(at: fixture.now, countsTry: true, failure: failure), lease: "one")
            let again = try fixture.claim("two")
            try fixture.settle(again, .done(httpStatus: 200), lease: "two")
            return try fixture.changes() - before
        }
        #expect(try rowsWritten(behind: 10_000) == rowsWritten(behind: 10))
    }

    /// A dead letter that comes back to its place may stand in the middle of a push that was begun without it.
    @Test func whatWentUnderOneKeyGoesAgainWhole() throws {
        let fixture = try StoreFixture()
        let first = try fixture.put(lane: "stripe:anna")
        let between = try fixture.put(lane: "stripe:anna", type: "invoice.paid", route: .orderEvent)
        let last = try fixture.put(lane: "stripe:anna")
        while try fixture.queue.lineUp() {}
        let key = Coalescing.key(of: [first, last])
        try fixture.store.write { db in
            try db.execute(
                sql: "UPDATE job_execution SET push_key = ?, attempts = 1 WHERE event_id IN (?, ?)", arguments: [key, first, last])
            try db.execute(
                sql: "UPDATE lane_job SET tried = 1 WHERE event_seq IN (SELECT event_seq FROM job_execution WHERE push_key = ?)",
                arguments: [key])
        }
        let again = try fixture.claim("one")
        #expect(again.map(\.ids) == [[first, last]] && again[0].key == key)
        try fixture.settle(again, .done(httpStatus: 200), lease: "one")
        #expect(try fixture.claim("two").map(\.ids) == [[between]])
    }

    /// Random pushes, answers and lost leases: what WordPress sees of a lane is the order of arrival, each event until it is settled.
    @Test(arguments: 1...8)
    func noEventOvertakesAnEarlierOne(_ seed: UInt64) throws {
        var random = Dice(seed)
        let fixture = try StoreFixture()
        var arrived: [String: [String]] = [:]
        var pushed: [String: [String]] = [:]
        var keys: [String: [String]] = [:]
        for _ in 0..<300 {
            let lane = "stripe:\(random.below(4))"
            if random.below(3) > 0 {
                let order = random.below(3) == 0
                let id = try fixture.put(
                    lane: lane, type: order ? "invoice.paid" : "customer.updated", route: order ? .orderEvent : .userSync)
                arrived[lane, default: []].append(id)
            }
            fixture.now = fixture.now + .milliseconds(Int64(random.below(20_000)))
            let lease = "lease-\(random.below(1 << 40))"
            for push in try fixture.claim(lease, items: 1 + random.below(3)) {
                let lane = try #require(arrived.first { $0.value.contains(push.ids[0]) }?.key)
                #expect(keys[push.key, default: push.ids] == push.ids, "same key, same events")
                keys[push.key] = push.ids
                #expect(Array(arrived[lane, default: []].dropFirst(pushed[lane, default: []].count).prefix(push.ids.count)) == push.ids)
                switch random.below(4) {
                case 0: break  // the worker dies
                case 1: try fixture.settle([push], .retry(at: fixture.now + .seconds(9), countsTry: true, failure: failure), lease: lease)
                case 2:
                    try fixture.settle([push], .dead(failure), lease: lease)
                    pushed[lane, default: []] += push.ids
                default:
                    try fixture.settle([push], .done(httpStatus: 200), lease: lease)
                    pushed[lane, default: []] += push.ids
                }
            }
        }
        #expect(!pushed.isEmpty)
    }
}

/// What is revived while a push of its lane is under way.
@Suite struct RevivedInTheMidstTests {
    @Test func aPushThatWasBegunStaysAsItWas() throws {
        let fixture = try StoreFixture()
        let first = try fixture.put(lane: "stripe:anna")
        let dead = try fixture.put(lane: "stripe:anna", type: "customer.deleted")
        let last = try fixture.put(lane: "stripe:anna")
        try fixture.settle(try fixture.claim("one"), .done(httpStatus: 200), lease: "one")
        try fixture.settle(try fixture.claim("two"), .dead(failure), lease: "two")
        let more = try fixture.put(lane: "stripe:anna")
        let begun = try fixture.claim("three")
        #expect(begun.map(\.ids) == [[last, more]])
        let letters = DeadLetters(store: fixture.store)
        #expect(try letters.retry(letters.sequences(.init()), now: fixture.now) == 1)
        // Nobody hears of the push again: the one that came first goes first, then the same push under the same key.
        fixture.now = fixture.now + .seconds(45)
        let revived = try fixture.claim("four")
        #expect(revived.map(\.ids) == [[dead]] && first != dead)
        try fixture.settle(revived, .done(httpStatus: 200), lease: "four")
        let again = try fixture.claim("five")
        #expect(again.map(\.ids) == [[last, more]] && again[0].key == begun[0].key)
        try fixture.settle(again, .retry(at: fixture.now, countsTry: true, failure: failure), lease: "five")
        let late = try fixture.put(lane: "stripe:anna")
        let third = try fixture.claim("six")
        #expect(third.map(\.ids) == [[last, more]] && third[0].key == begun[0].key)
        try fixture.settle(third, .done(httpStatus: 200), lease: "six")
        #expect(try fixture.claim("seven").map(\.ids) == [[late]])
    }
}

/// The schema's first release, with work in it.
@Suite struct LanesMigrationTests {
    @Test func worksOffWhatTheFirstReleaseLeft() throws {
        let fixture = try OldStore(migratedTo: "1 events, jobs, nonces")
        try fixture.old.write { db in
            for (seq, lane, status, due) in [
                (1, "'a'", "'done'", 1), (2, "'a'", "'waiting'", 9000), (3, "'a'", "'waiting'", 9000), (4, "NULL", "'waiting'", 4),
                (5, "'b'", "'leased'", 45_000), (6, "'b'", "'waiting'", 6),
            ] {
                try db.execute(
                    sql: """
                        INSERT INTO webhook_event (seq, id, source, tenant, event_type, received_at, status, signature_valid, idempotency_key,
                            route, created_by, request_id, headers, raw_body)
                        VALUES (\(seq), 'e\(seq)', 'stripe', 'acme', 'invoice.paid', \(seq), \(status == "'done'" ? "'processed'" : "'queued'"),
                            1, 'k\(seq)', 'order-event', 'c', 'r', '{}', x'');
                        INSERT INTO job_execution (event_seq, id, event_id, task_name, tenant, lane, status, due_at, lease, push_key, finished_at)
                        VALUES (\(seq), 'j\(seq)', 'e\(seq)', 'order-event', 'acme', \(lane), \(status), \(due),
                            \(status == "'leased'" ? "'old'" : "NULL"), \(seq == 5 ? "'e5'" : "NULL"), \(status == "'done'" ? "1" : "NULL"));
                        """)
            }
        }
        try fixture.old.close()
        let store = try Store(path: fixture.path)
        let queue = JobQueue(store: store)
        func claim(at now: Int64) throws -> [[String]] {
            let now = Timestamp(milliseconds: now)
            return try queue.claim(tenant: "acme", limits: .init(items: 9), lease: "l\(now)", until: now + .seconds(900), now: now)
                .map { $0.events.map(\.id) }
        }
        #expect(try claim(at: 10) == [["e4"]])
        #expect(try claim(at: 9000) == [["e2"]])
        #expect(try claim(at: 45_000) == [["e5"]], "once the old worker's lease has ended")
        #expect(try EventQueries(store: store).counts().oldestQueued == Timestamp(milliseconds: 2))
    }
}
