import GRDB
import Testing

@testable import Common
@testable import GatepostCLI

@Suite struct ActivityTests {
    let scratch: Scratch
    let store: Store

    init() throws {
        scratch = try Scratch()
        store = try scratch.store()
    }

    private func activity(
        _ span: ActivitySpan = .hour, tenant: String? = nil, source: String? = nil, at now: Timestamp = noon
    ) throws -> EventActivity {
        let counts = try EventQueries(store: store).counts()
        let waiting = counts.lines.filter { tenant == nil || $0.tenant == tenant }.reduce(0) { $0 + ($1.events[.queued] ?? 0) }
        let all = try EventQueries(store: store).activity(tenant: tenant, source: source, waiting: waiting, now: now)
        return try #require(all.first { $0.span == span })
    }

    /// The last steps that say anything, newest last.
    private func steps(_ activity: EventActivity) -> [[Int]] {
        activity.steps.drop { $0 == EventActivity.Step() }.map { [$0.came, $0.done, $0.failed, $0.waiting] }
    }

    @Test func countsWhatComesGoesDiesAndWaits() throws {
        try store.put("evt_1", customer: "cus_1")
        try store.put("evt_2", customer: "cus_2")
        try store.put("evt_2", customer: "cus_2")
        try store.put("evt_3", type: "balance.available", customer: "cus_3", email: "x")
        let later = noon + .seconds(60)
        try store.settle(.done(httpStatus: 200), at: later)
        try store.put("evt_4", customer: "cus_4", at: later)
        let last = later + .seconds(60)
        try store.settle(.dead("refused"), at: last)
        #expect(try steps(activity(at: last)) == [[3, 0, 0, 2], [1, 2, 0, 1], [0, 0, 1, 0]])
        let letters = DeadLetters(store: store)
        #expect(try letters.retry(try letters.sequences(DeadLetters.Filter()), now: last) == 1)
        #expect(try steps(activity(at: last)) == [[3, 0, 0, 2], [1, 2, 0, 1], [0, 0, 1, 1]], "a second try has not come in again")
        #expect(try steps(activity(.day, at: last)).last == [4, 2, 1, 1])
        #expect(try steps(activity(.month, at: last)) == [[4, 2, 1, 1]])
    }

    @Test func whatIsMarkedLaterCountsOnce() throws {
        let most = JobQueue.mostMarkedAtOnce
        for number in 0...most { try store.put("evt_\(number)", customer: "cus_\(number)") }
        let queue = JobQueue(store: store)
        var pushes: [ClaimedPush] = []
        while pushes.count <= most {
            pushes += try queue.claim(
                tenant: TenantName("shop")!, limits: .init(items: 100), lease: "lease", until: noon + .seconds(45), now: noon)
        }
        try queue.settle(pushes.map { ($0, .done(httpStatus: 200)) }, lease: "lease", now: noon)
        try queue.markSettled()
        try queue.markSettled()
        #expect(try steps(activity()) == [[most + 1, most + 1, 0, 0]])
    }

    @Test func aRejectedRequestHasNotComeIn() throws {
        try store.run(
            """
            INSERT INTO webhook_event (seq, id, source, tenant, event_type, received_at, status, signature_valid, route, created_by,
                request_id, headers, raw_body) VALUES (1, 'x', 'stripe', '', '', 1, 'discarded', 0, 'keep', 't', 'r', '{}', x'')
            """)
        try store.write { db in
            var tally = Tally()
            tally.add(5, tenant: "shop", source: "stripe", status: .discarded)
            tally.add(2, tenant: "shop", source: "stripe", status: .received)
            tally.add(-7, tenant: "club", source: "stripe", status: .discarded)
            try tally.write(db, at: noon, areArrivals: true)
        }
        #expect(try steps(activity()) == [[2, 0, 0, 0]])
    }

    @Test func oneTenantAlone() throws {
        try store.put("evt_1")
        try store.put("evt_1", tenant: "club")
        #expect(try steps(activity(tenant: "club")) == [[1, 0, 0, 1]])
        #expect(try steps(activity(tenant: "club", source: "github")).last == [0, 0, 0, 1], "as many wait as the caller says")
        #expect(try steps(activity()) == [[2, 0, 0, 2]])
    }

    /// However long the store is used.
    @Test func hasABoundedNumberOfRows() throws {
        let days: [Int64] = [0, 1, 30, 31, 32, 400]
        for day in days {
            for minute in 0..<70 {
                try store.write { db in
                    var tally = Tally()
                    tally.add(1, tenant: "shop", source: "stripe", status: .received)
                    try tally.write(db, at: noon + .seconds(day * 86_400 + Int64(minute) * 60), areArrivals: true)
                }
            }
        }
        let most = ActivitySpan.allCases.reduce(0) { $0 + $1.count }
        let rows = try store.number("SELECT count(*) FROM activity")
        #expect(rows <= most, "\(rows) rows")
        let end = noon + .seconds(400 * 86_400 + 69 * 60)
        #expect(try activity(at: end).steps.allSatisfy { $0.came == 1 })
        #expect(try activity(.month, at: end).steps.reduce(0) { $0 + $1.came } == 70)
        #expect(try activity(.day, at: noon).steps.allSatisfy { $0.came == 0 }, "what is to come by a clock put back is not shown")
    }

    @Test func whatIsOldGoes() throws {
        try store.put("evt_1")
        let rule = Purge.Rule(olderThan: .seconds(86_400 * 365), statuses: [.processed])
        let purge = Purge(store: store)
        _ = try purge.someSteps(1, rule, now: noon + .seconds(20 * 86_400))
        #expect(try store.number("SELECT count(*) FROM activity") == 3)
        _ = try purge.someSteps(1, rule, now: noon + .seconds(40 * 86_400))
        #expect(try store.number("SELECT count(*) FROM activity") == 0)
    }

    /// One statement for a tenant and source, however many events a transaction has.
    @Test func writesThreeRowsForManyEvents() throws {
        for number in 0..<20 { try store.put("evt_\(number)", customer: "cus_\(number)") }
        #expect(try store.number("SELECT count(*) FROM activity") == 3)
        #expect(try store.number("SELECT sum(came) FROM activity") == 60)
    }
}

extension Store {
    fileprivate func number(_ sql: String) throws -> Int { try read { try Int.fetchOne($0, sql: sql) ?? 0 } }
    fileprivate func run(_ sql: String) throws { try write { try $0.execute(sql: sql) } }
}
