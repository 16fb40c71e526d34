import GRDB
import Testing

@testable import Common

@Suite struct PlainChecksTests {
    /// A temporary B-tree for each row would cost more than the row.
    @Test(arguments: [EventSQL.insert, EventSQL.enqueue, EventSQL.byKey])
    func storingMakesNoTemporaryTable(_ sql: String) throws {
        let store = try ScratchStore().store
        let steps = try store.read {
            try Row.fetchAll($0, sql: "EXPLAIN \(sql)", arguments: .init((0..<30).prefix(Self.parameters(sql)).map { $0 }))
        }
        #expect(!steps.isEmpty)
        #expect(!steps.contains { $0["opcode"] == "OpenEphemeral" })
    }

    private static func parameters(_ sql: String) -> Int { (1...30).last { sql.contains("?\($0)") } ?? 0 }

    /// Whoever has the file open from before reads the schema anew, and finds it whole.
    @Test func theSchemaIsSound() throws {
        let store = try ScratchStore().store
        #expect(try store.texts("PRAGMA integrity_check") == ["ok"])
        #expect(try store.texts("SELECT sql FROM sqlite_schema WHERE name = 'webhook_event'").first?.contains(" IN ('") == false)
        #expect(try store.texts("SELECT name FROM sqlite_schema WHERE name = 'plain_checks'").isEmpty)
        #expect(throws: (any Error).self) {
            try store.write { try $0.execute(sql: "UPDATE sqlite_schema SET sql = sql") }
        }
    }
}
