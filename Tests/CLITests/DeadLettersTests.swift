import GRDB
import Testing

@testable import Common
@testable import GatepostCLI

@Suite struct DeadLettersTests {
    let scratch: Scratch
    let store: Store
    var letters: DeadLetters { DeadLetters(store: store) }

    init() throws {
        scratch = try Scratch()
        store = try scratch.store()
    }

    private func fill() throws -> [String] {
        let first = try store.put("evt_1", customer: "cus_1")
        let second = try store.put("evt_2", customer: "cus_2")
        try store.settle(.dead("http_400"))
        let third = try store.put("evt_3", type: "invoice.paid", tenant: "club")
        try store.settle(.dead("dns"), tenant: "club", at: noon + .seconds(1))
        return [first, second, third]
    }

    @Test func listsAndCounts() throws {
        let ids = try fill()
        #expect(try letters.list(.init(), limit: 10).map(\.id) == ids)
        #expect(try letters.list(.init(), limit: 1).map(\.id) == [ids[0]])
        #expect(try letters.list(.init(tenant: TenantName("club")), limit: 10).map(\.cause) == ["dns"])
        #expect(try letters.list(.init(source: name("github")), limit: 10) == [])
        #expect(try letters.list(.init(cause: "http_400"), limit: 10).map(\.id) == Array(ids[..<2]))
        let causes = try letters.causes(.init())
        #expect(causes.map(\.cause) == ["http_400", "dns"] && causes.map(\.events) == [2, 1])
    }

    @Test func retryMovesTalliesAndClearsErrors() throws {
        let ids = try fill()
        #expect(try letters.retry(letters.sequences(.init(cause: "http_400")), now: noon + .seconds(9)) == 2)
        let counts = try EventQueries(store: store).counts()
        #expect(counts.total(.queued) == 2 && counts.total(.failed) == 1)
        let event = try EventQueries(store: store).only(ids[0])
        #expect(event.summary.status == "queued" && event.summary.error == nil && event.settledAt == nil && event.summary.attempts == 0)
        #expect(event.job?.status == "waiting" && event.job?.attempts == 0 && event.job?.dueAt == noon + .seconds(9))
        #expect(try letters.list(.init(), limit: 10).map(\.id) == [ids[2]])
    }

    @Test func retryLeavesTheLivingAlone() throws {
        let id = try store.put("evt_1")
        let sequence = try #require(EventID(id)?.sequence)
        #expect(try letters.retry([sequence, 1], now: noon) == 0)
        try store.settle(.done(httpStatus: 200))
        #expect(try letters.retry([sequence], now: noon) == 0)
        #expect(try EventQueries(store: store).counts().total(.processed) == 1)
        #expect(throws: Failure.self) { try EventQueries(store: store).onlyDead(id) }
    }

    @Test func keepsOrderOfArrival() throws {
        let ids = try (0..<1203).map { try store.put("evt_\($0)", customer: "cus_\($0 % 700)") }
        try store.settle(.dead("dns"))
        let sequences = try letters.sequences(.init())
        #expect(sequences == ids.compactMap { EventID($0)?.sequence })
        #expect(try letters.retry(sequences.shuffled(), now: noon + .seconds(60)) == 1203)
        let queue = JobQueue(store: store)
        let pushes = try queue.claim(
            tenant: TenantName("shop")!, limits: .init(items: 700), lease: "a", until: noon + .seconds(120), now: noon + .seconds(61))
        #expect(pushes.map { $0.events[0].id } == Array(ids[..<700]))
        #expect(pushes.allSatisfy { $0.attempts == 0 })
    }

    /// Two pushes of one person at one time could reach WordPress in either order.
    @Test func waitsForThePersonsPushThatIsUnderWay() throws {
        try store.put("evt_1", type: "invoice.paid")
        try store.settle(.dead("http_400"))
        try store.put("evt_2", type: "invoice.paid")
        let queue = JobQueue(store: store)
        let shop = TenantName("shop")!
        let (limits, until, later) = (JobQueue.Limits(items: 9), noon + .seconds(45), noon + .seconds(2))
        let under = try queue.claim(tenant: shop, limits: limits, lease: "a", until: until, now: noon)
        #expect(try letters.retry(letters.sequences(.init()), now: noon + .seconds(1)) == 1)
        #expect(try queue.claim(tenant: shop, limits: limits, lease: "b", until: until, now: later).isEmpty)
        try queue.settle([(under[0], .done(httpStatus: 200))], lease: "a", now: later)
        #expect(try queue.claim(tenant: shop, limits: limits, lease: "c", until: until, now: later).count == 1)
    }
}
