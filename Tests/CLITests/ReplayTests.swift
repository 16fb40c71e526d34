import GRDB
import Testing

@testable import Common
@testable import GatepostCLI

@Suite struct ReplayTests {
    let scratch: Scratch
    let store: Store
    var replays: Replays { Replays(store: store) }

    init() throws {
        scratch = try Scratch()
        store = try scratch.store()
    }

    private func sequence(_ id: String) throws -> Int64 { try #require(EventID(id)?.sequence) }

    private func claim(_ lease: String) throws -> [ClaimedPush] {
        let later = noon + .seconds(60)
        return try JobQueue(store: store).claim(
            tenant: TenantName("shop")!, limits: .init(items: 9), lease: lease, until: later + .seconds(45), now: later)
    }

    @Test func aFoldedPushGoesAgainWholeAndUnderItsKey() throws {
        let ids = try (1...3).map { try store.put("evt_\($0)") }
        try store.put("evt_other", customer: "cus_2")
        try store.settle(.done(httpStatus: 200))
        let plan = try replays.plan(sequence(ids[1]))
        #expect(try plan == .go(ids.map(sequence)))
        #expect(try replays.replay(Set(ids.map(sequence)), now: noon) == 3)
        let counts = try EventQueries(store: store).counts()
        #expect(counts.total(.queued) == 3 && counts.total(.processed) == 1)
        let pushes = try claim("again")
        #expect(pushes.map { $0.events.map(\.id) } == [ids] && pushes[0].key == Coalescing.key(of: ids) && pushes[0].attempts == 0)
    }

    @Test func asNewHasAKeyOfItsOwn() throws {
        let ids = try (1...2).map { try store.put("evt_\($0)") }
        try store.settle(.done(httpStatus: 200))
        #expect(try replays.replay([sequence(ids[1])], newKey: { "replay-1" }, now: noon) == 1)
        let pushes = try claim("new")
        #expect(pushes.map(\.key) == ["replay-1"] && pushes[0].events.map(\.id) == [ids[1]])
    }

    @Test func aGroupWithoutAllItsMembersIsNotPushedUnderItsKey() throws {
        let ids = try (1...2).map { try store.put("evt_\($0)") }
        try store.settle(.done(httpStatus: 200))
        try store.write { try $0.execute(sql: "DELETE FROM webhook_event WHERE id = ?", arguments: [ids[0]]) }
        #expect(try replays.plan(sequence(ids[1])) == .groupIsGone)
    }

    @Test func aDiscardedOneGoesAfterAll() throws {
        let id = try store.put("evt_1")
        try store.settle(.dead("dns"))
        #expect(try replays.plan(sequence(id)) == .notOver("dead"))
        _ = try DeadLetters(store: store).discard([sequence(id)], reason: nil, now: noon)
        #expect(try replays.plan(sequence(id)) == .go([sequence(id)]))
        #expect(try replays.replay([sequence(id)], now: noon) == 1)
        #expect(try EventQueries(store: store).only(id).summary.error == nil)
        let counts = try EventQueries(store: store).counts()
        #expect(counts.total(.queued) == 1 && counts.total(.discarded) == 0)
        #expect(try replays.plan(sequence(id)) == .notOver("waiting"))
    }

    @Test func leavesTheOpenAndTheKeptAlone() throws {
        let open = try store.put("evt_1")
        #expect(try replays.plan(sequence(open)) == .notOver("waiting"))
        #expect(try replays.plan(7) == .notOver(nil))
        #expect(try replays.replay([sequence(open), 7], now: noon) == 0)
    }
}
