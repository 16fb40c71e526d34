import GRDB
import Testing

@testable import Common
@testable import GatepostCLI

@Suite struct DiscardTests {
    let scratch: Scratch
    let store: Store
    var letters: DeadLetters { DeadLetters(store: store) }

    init() throws {
        scratch = try Scratch()
        store = try scratch.store()
    }

    @Test func movesTheTallyAndKeepsCauseAndReason() throws {
        let id = try store.put("evt_1")
        try store.put("evt_2", customer: "cus_2")
        try store.settle(.dead("http_400"))
        let sequence = try #require(EventID(id)?.sequence)
        #expect(try letters.discard([sequence], reason: "a test account", now: noon + .seconds(9)) == 1)
        let event = try EventQueries(store: store).only(id)
        #expect(event.summary.status == "discarded" && event.summary.error == "discarded: a test account")
        #expect(event.settledAt == noon + .seconds(9))
        #expect(event.job?.status == "discarded" && event.job?.cause == "http_400" && event.job?.error == "no")
        let counts = try EventQueries(store: store).counts()
        #expect(counts.total(.discarded) == 1 && counts.total(.failed) == 1 && counts.total(.queued) == 0)
        #expect(try letters.retry([sequence], now: noon) == 0, "it is no dead letter any more")
    }

    @Test func takesManyAndLeavesTheLivingAlone() throws {
        for number in 0..<1203 { try store.put("evt_\(number)", customer: "cus_\(number)") }
        try store.settle(.dead("dns"))
        let living = try #require(EventID(try store.put("evt_new", customer: "cus_new"))?.sequence)
        let sequences = try letters.sequences(.init())
        #expect(try letters.discard(sequences + [living, 1], reason: nil, now: noon) == 1203)
        #expect(try letters.discard(sequences, reason: nil, now: noon) == 0)
        let counts = try EventQueries(store: store).counts()
        #expect(counts.total(.discarded) == 1203 && counts.total(.failed) == 0 && counts.total(.queued) == 1)
    }

    @Test func cutsALongReason() throws {
        let id = try store.put("evt_1")
        try store.settle(.dead("dns"))
        _ = try letters.discard(letters.sequences(.init()), reason: String(repeating: "x", count: 501), now: noon)
        #expect(try EventQueries(store: store).only(id).summary.error?.count == 500 + "discarded: ".count)
    }
}
