import GRDB
import Testing

@testable import Common
@testable import GatepostCLI

@Suite struct ReplaySearchTests {
    let scratch: Scratch
    let store: Store

    init() throws {
        scratch = try Scratch()
        store = try scratch.store()
    }

    private func search(asNew: Bool = false, perMinute: Int? = nil, _ change: (inout EventFilter) -> Void = { _ in }) -> ReplaySearch {
        var filter = EventFilter()
        change(&filter)
        return ReplaySearch(store: store, filter, asNew: asNew, perMinute: perMinute, now: noon + .seconds(600))
    }

    private func all(_ search: ReplaySearch) throws -> (due: [Int64: Timestamp], counts: ReplaySearch.Counts) {
        var search = search
        var due: [Int64: Timestamp] = [:]
        while let some = try search.next() { due.merge(some) { first, _ in first } }
        return (due, search.counts)
    }

    @Test func countsWhatGoesAndWhatDoesNot() throws {
        for number in 1...3 { try store.put("evt_\(number)") }
        try store.put("evt_4", type: "invoice.paid", customer: "cus_2")
        try store.settle(.done(httpStatus: 200))
        try store.put("evt_dead", customer: "cus_3")
        try store.settle(.dead("dns"))
        try store.put("evt_open", customer: "cus_4")
        try store.put("evt_kept", type: "product.created")
        try store.put("evt_gone", type: "invoice.paid", customer: "cus_5", tenant: "club")
        try store.settle(.done(httpStatus: 200), tenant: "club")
        try store.write { try $0.execute(sql: "UPDATE webhook_event SET raw_body = x'' WHERE tenant = 'club'") }
        let (due, counts) = try all(search())
        #expect(due.count == 4 && counts.pushes == 2 && counts.total == 4)
        #expect(counts.events == [.init(tenant: "shop", source: "stripe"): 4])
        #expect(counts.dead == 1 && counts.open == 1 && counts.kept == 1 && counts.emptied == 1)
        #expect(try all(search { $0.type = "invoice.*" }).due.count == 1)
        #expect(try all(search { $0.since = noon + .seconds(1) }).due.isEmpty)
        #expect(try all(search { $0.until = noon }).due.isEmpty)
    }

    @Test func aRateSpreadsPushesAndKeepsFoldedOnesTogether() throws {
        for number in 1...3 { try store.put("evt_\(number)") }
        for number in 4...6 { try store.put("evt_\(number)", type: "invoice.paid", customer: "cus_\(number)") }
        try store.settle(.done(httpStatus: 200))
        let (due, counts) = try all(search(perMinute: 2))
        let now = noon + .seconds(600)
        #expect(due.sorted { $0.key < $1.key }.map(\.value) == [now, now, now, now, now + .seconds(60), now + .seconds(60)])
        #expect(counts.pushes == 4)
        #expect(try Replays(store: store).replay(Set(due.keys), due: due, now: now) == 6)
        func claimed(at moment: Timestamp) throws -> Int {
            try JobQueue(store: store).claim(
                tenant: TenantName("shop")!, limits: .init(items: 9), lease: "l\(moment.milliseconds)", until: moment + .seconds(999),
                now: moment
            ).reduce(0) { $0 + $1.events.count }
        }
        #expect(try claimed(at: now) == 4, "those of the first minute")
        #expect(try claimed(at: now + .seconds(60)) == 2)
    }

    @Test func asNewGoesAloneAndOldKeysAreCounted() throws {
        for number in 1...3 { try store.put("evt_\(number)") }
        try store.settle(.done(httpStatus: 200))
        #expect(try all(search(asNew: true)).counts.pushes == 3)
        try store.write { try $0.execute(sql: "UPDATE job_execution SET finished_at = finished_at - 91 * 86400000") }
        let old = try all(search())
        #expect(old.counts.keyForgotten == 3 && old.due.isEmpty && old.counts.total == 0, "WordPress would do them again")
        #expect(try all(search(asNew: true)).due.count == 3)
        #expect(try all(search(asNew: true)).counts.keyForgotten == 0)
    }

    @Test func manyPagesAreGoneThrough() throws {
        for number in 1...1203 { try store.put("evt_\(number)", type: "invoice.paid", customer: "cus_\(number)") }
        try store.settle(.done(httpStatus: 200))
        #expect(try all(search()).due.count == 1203)
    }

    @Test(arguments: [
        (["events", "replay"], "name events, or say --all"), (["events", "replay", "a", "--all"], "not both"),
        (["events", "replay", "--all"], "--all: say of when, or of what"),
        (["events", "replay", "a", "--since", "2d"], "the filters go with --all"),
        (["events", "replay", "--all", "--since", "2d", "--per-minute", "0"], "expected a number from 1 to 10000"),
        (["events", "replay", "--all", "--status", "queued"], "expected processed or discarded"),
    ])
    func refuses(_ arguments: [String], with text: String) {
        do {
            _ = try GatepostCommand.parseAsRoot(arguments)
            Issue.record("taken: \(arguments)")
        } catch {
            #expect(GatepostCommand.fullMessage(for: error).contains(text), "\(arguments)")
        }
    }
}
