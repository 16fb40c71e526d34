import GRDB
import Testing

@testable import Common
@testable import GatepostCLI

/// Lists are walked from end to end and back, whatever came within one millisecond.
@Suite struct ListPagesTests {
    let scratch: Scratch
    let store: Store

    init() throws {
        scratch = try Scratch()
        store = try scratch.store()
    }

    @Test func deadLettersThatDiedTogether() throws {
        for number in 0..<7 { try store.put("evt_\(number)", customer: "cus_\(number)") }
        try store.settle(.dead("refused"))
        let letters = DeadLetters(store: store)
        let all = try letters.list(DeadLetters.Filter(), limit: 10).map(\.id)
        let moments = Set(try letters.list(DeadLetters.Filter(), limit: 10).map(\.diedAt))
        #expect(all.count == 7 && moments.count == 1)
        var page = try letters.page(DeadLetters.Filter(), limit: 3)
        var pages = [page.letters.map(\.id)]
        #expect(page.before == nil)
        while let after = page.after {
            page = try letters.page(DeadLetters.Filter(), after: DeadLetters.Place("\(after)"), limit: 3)
            pages.append(page.letters.map(\.id))
        }
        #expect(pages == [Array(all[0..<3]), Array(all[3..<6]), Array(all[6...])])
        let back = try letters.page(DeadLetters.Filter(), before: try #require(page.before), limit: 3)
        #expect(back.letters.map(\.id) == pages[1] && back.after != nil && back.before != nil)
        let first = try letters.page(DeadLetters.Filter(), before: try #require(back.before), limit: 3)
        #expect(first.letters.map(\.id) == pages[0] && first.before == nil)
        let last = try #require(page.letters.last)
        let behind = try letters.page(DeadLetters.Filter(), after: DeadLetters.Place(last), limit: 3)
        #expect(behind.letters.isEmpty && behind.before != nil, "the last was taken meanwhile: the way back stays")
    }

    @Test(arguments: ["", "-", "1", "1-", "-1", "1-2-3", "a-b", "1--2", "99999999999999999999-1", "+1-2"])
    func isNoPlace(_ text: String) { #expect(DeadLetters.Place(text) == nil) }

    @Test func countsCausesOfSoMany() throws {
        for number in 0..<4 { try store.put("evt_\(number)", customer: "cus_\(number)") }
        try store.settle(.dead("refused"))
        let letters = DeadLetters(store: store)
        #expect(try letters.causes(DeadLetters.Filter(), mostLookedAt: 3).map(\.events) == [3])
        #expect(try letters.causes(DeadLetters.Filter(), mostLookedAt: 4).map(\.events) == [4])
        #expect(try letters.causes(DeadLetters.Filter(cause: "other"), mostLookedAt: 4).isEmpty)
    }

    @Test func eventsUpwards() throws {
        let ids = try (0..<7).map { try store.put("evt_\($0)") }
        let queries = EventQueries(store: store)
        func after(_ id: String, _ limit: Int = 3, lookingAt most: Int = 100, _ change: (inout EventFilter) -> Void = { _ in }) throws
            -> EventPage
        {
            var filter = EventFilter()
            change(&filter)
            return try queries.list(filter, after: try #require(EventID(id)), limit: limit, mostLookedAt: most)
        }
        var page = try after(ids[0])
        #expect(page.events.map(\.id) == [ids[3], ids[2], ids[1]] && page.next == ids[3])
        page = try after(ids[3])
        #expect(page.events.map(\.id) == [ids[6], ids[5], ids[4]] && page.next == nil)
        #expect(try after(ids[6]).events.isEmpty)
        page = try after(ids[0], lookingAt: 2) { $0.text = "evt_6" }
        #expect(page.events.isEmpty && page.next == ids[2] && page.stoppedLooking, "goes on where it stopped")
        #expect(try after(ids[0]) { $0.until = noon }.events.isEmpty)
        #expect(try after("ffffffff-ffff-7fff-bfff-ffffffffffff").events.isEmpty, "the highest id that there can be")
    }

    @Test func auditEntriesOfOneMoment() throws {
        for number in 0..<7 { try store.record(AuditEntry(at: noon, actor: "a", origin: .pages, action: "x.\(number)")) }
        let queries = AuditQueries(store: store)
        #expect(try queries.page(before: .max, limit: 3).map(\.id) == [7, 6, 5])
        #expect(try queries.page(before: 5, limit: 3).map(\.id) == [4, 3, 2])
        #expect(try queries.page(after: 4, limit: 3).map(\.id) == [5, 6, 7])
    }

    /// Not one of the pages' questions reads a table from end to end that grows with the events. `activity`, `event_tally` and the like are
    /// small whatever comes.
    @Test func noQuestionOfThePagesScansWhatGrows() throws {
        let statements =
            EventQueries.allSQL + DeadLettersSQL.all + RejectionListSQL.all + AuditSQL.all + AttemptSQL.all + MetricSQL.all
            + AlertSQL.all
        let growing = ["webhook_event", "job_execution", "audit", "attempt", "rejection", "nonce"]
        // By name of what is meant: they page through a range of the key, or look at a bounded number of rows from its end.
        let allowed = Set(EventExportSQL.all + ArrivalHistorySQL.all + ReplaySearchSQL.all + BackfillSQL.all)
        for sql in statements where !allowed.contains(sql) && !sql.hasPrefix("INSERT") && !sql.hasPrefix("UPDATE") {
            for step in try plan(sql) where step.hasPrefix("SCAN ") {
                let table = step.dropFirst("SCAN ".count).prefix { $0 != " " }
                let meant = ["e": "webhook_event", "j": "job_execution", "r": "rejection"][String(table)] ?? String(table)
                guard growing.contains(meant) else { continue }
                #expect(isBounded(sql, step), "\(step)\n\(sql)")
            }
        }
    }

    /// In order of the key and up to a number of rows, or over what the settings bound: rejected requests are at most 100,000, and a dead
    /// letter has an index of its own.
    private func isBounded(_ sql: String, _ step: String) -> Bool {
        step.contains("USING") || sql.contains("LIMIT") && !step.contains("TEMP") || step.hasPrefix("SCAN r")
    }

    private func plan(_ sql: String) throws -> [String] {
        try store.read { db in
            let statement = try db.makeStatement(sql: "EXPLAIN QUERY PLAN " + sql)
            statement.setUncheckedArguments(.init())
            return try Row.fetchAll(statement).map { $0["detail"] as String }
        }
    }

    /// Events are sorted within the rows that one page looks at.
    @Test func pagesSortNothing() throws {
        for sql in [
            DeadLettersSQL.after, DeadLettersSQL.before, RejectionListSQL.older, RejectionListSQL.newer, AuditSQL.before, AuditSQL.after,
        ] {
            let plan = try plan(sql)
            #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)\n\(sql)")
        }
    }
}
