import GRDB
import Testing

@testable import Common

@Suite struct AuditTests {
    private let scratch: ScratchStore
    private var store: Store { scratch.store }

    init() throws { scratch = try ScratchStore() }

    private func entry(_ action: String, by actor: String = "anna", at: Int64 = 1000) -> AuditEntry {
        AuditEntry(at: Timestamp(milliseconds: at), actor: actor, origin: .cli, action: action, object: "all", count: 3, detail: "why")
    }

    @Test func givesBackWhatWasWritten() throws {
        try store.record(entry("dlq.retry"))
        try store.record(entry("dlq.discard", by: "ben", at: 2000))
        try store.record(entry("dlqs", at: 3000))
        let queries = AuditQueries(store: store)
        #expect(
            try queries.list(limit: 10).map(\.entry) == [
                entry("dlqs", at: 3000), entry("dlq.discard", by: "ben", at: 2000), entry("dlq.retry"),
            ])
        #expect(try queries.list(limit: 1).map(\.entry.action) == ["dlqs"])
        #expect(try queries.page(after: 1, limit: 1).map(\.id) == [2])
        #expect(try queries.page(after: 3, limit: 9) == [])
        var filter = AuditFilter()
        filter.action = "dlq"
        #expect(try queries.page(filter, after: 0, limit: 9).map(\.id) == [1, 2])
        filter.actor = "ben"
        #expect(try queries.list(filter, limit: 9).map(\.id) == [2])
        filter = AuditFilter()
        (filter.since, filter.until) = (Timestamp(milliseconds: 2000), Timestamp(milliseconds: 3000))
        #expect(try queries.list(filter, limit: 9).map(\.id) == [2])
    }

    @Test(arguments: [
        "UPDATE audit SET actor = 'nobody'", "DELETE FROM audit", "DELETE FROM audit WHERE id = 1",
        "INSERT OR REPLACE INTO audit (id, at, actor, origin, action) VALUES (1, 1, 'nobody', 'cli', 'purge')",
        "INSERT INTO audit (id, at, actor, origin, action) VALUES (1, 1, 'nobody', 'cli', 'purge') ON CONFLICT (id) DO UPDATE SET actor = 'nobody'",
        "UPDATE OR REPLACE audit SET id = 2 WHERE id = 1",
    ])
    func nothingTakesItBack(_ sql: String) throws {
        try store.record(entry("purge"))
        try store.record(entry("pause"))
        #expect(throws: StoreError.self) { try store.run(sql) }
        #expect(try AuditQueries(store: store).list(limit: 9).map(\.entry) == [entry("pause"), entry("purge")])
    }

    @Test func standsOrFallsWithItsTransaction() throws {
        struct Stop: Error {}
        #expect(throws: StoreError.self) {
            try store.write { db in
                try entry("pause").write(db)
                throw Stop()
            }
        }
        #expect(try AuditQueries(store: store).list(limit: 9) == [])
        try store.write { try entry("pause").write($0) }
        #expect(try AuditQueries(store: store).list(limit: 9).count == 1)
    }

    /// What stands here stays: not the address that an operator writes as a reason, or names as part of an id.
    @Test func namesNobodyByAnAddress() throws {
        let entry = AuditEntry(
            at: Timestamp(milliseconds: 1), actor: "ben@example.net", origin: .pages, action: "dlq.discard",
            object: "postmark:acme:anna@example.com:7", detail: "anna@example.com has asked for it")
        try store.record(entry)
        let written = try #require(try AuditQueries(store: store).list(limit: 1).first?.entry)
        #expect(written.object?.contains("anna") == false && written.detail == "…@… has asked for it" && written.actor == "ben@example.net")
    }

    @Test func longTextsAreCut() throws {
        let long = String(repeating: "ä", count: 5000)
        let entry = AuditEntry(at: Timestamp(milliseconds: 1), actor: long, origin: .pages, action: long, object: long, detail: long)
        try store.record(entry)
        try store.record(AuditEntry(at: Timestamp(milliseconds: 1), actor: "", origin: .pages, action: "x"))
        let lines = try AuditQueries(store: store).list(limit: 2)
        #expect(lines.map(\.entry.actor.count) == [7, 200] && lines[1].entry.object?.count == 1000)
    }

    @Test(arguments: AuditSQL.all)
    func everyStatementPrepares(_ sql: String) throws { try store.read { _ = try $0.makeStatement(sql: sql) } }
}
