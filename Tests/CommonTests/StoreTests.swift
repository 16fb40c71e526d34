import Foundation
import GRDB
import Testing

@testable import Common

@Suite struct StoreTests {
    /// Asked of the connection itself: `synchronous` is no property of the file.
    @Test func commitsAreDurable() throws {
        let store = try ScratchStore().store
        #expect(try store.texts("PRAGMA journal_mode") == ["wal"])
        #expect(try store.number("PRAGMA synchronous") == 2, "2 is FULL")
        #expect(try store.number("PRAGMA foreign_keys") == 1)
        #expect(try store.number("PRAGMA page_count") ?? 0 > 1)
    }

    @Test func aNewFileGetsTheSchema() throws {
        let store = try ScratchStore().store
        let tables = try store.texts("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        #expect(
            Set(tables).isSuperset(of: [
                "webhook_event", "job_execution", "nonce", "event_tally", "errand", "secret_window", "learned_secret",
            ]))
        let loose = try store.texts(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'")
        #expect(loose == ["grdb_migrations"])
        #expect(try store.texts("PRAGMA integrity_check") == ["ok"])
    }

    @Test func opensAgainWithWhatWasThere() throws {
        let scratch = try ScratchStore()
        _ = try scratch.put(.sample("evt_1"))
        let again = try Store(path: scratch.store.path)
        #expect(try again.number("SELECT count(*) FROM webhook_event") == 1)
    }

    /// Ingest, worker and command line may start at the same moment on a fresh machine.
    @Test func manyMayOpenAtOnce() async throws {
        for _ in 0..<5 {
            let scratch = try Scratch()
            let failures = await withTaskGroup(of: String?.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        do {
                            let store = try Store(path: scratch.file("new.db"))
                            return try store.number("SELECT count(*) FROM webhook_event") == 0 ? nil : "not empty"
                        } catch { return "\(error)" }
                    }
                }
                return await group.reduce(into: []) { failures, failure in failures += failure.map { [$0] } ?? [] }
            }
            #expect(failures == [])
        }
    }

    @Test(arguments: [Store.Access.readWrite, .readOnly])
    func refusesANewerFile(_ access: Store.Access) throws {
        let scratch = try ScratchStore()
        try scratch.store.run("INSERT INTO grdb_migrations (identifier) VALUES ('99 from the future')")
        let error = #expect(throws: StoreError.self) { try Store(path: scratch.store.path, access: access) }
        let text = "\(try #require(error))"
        #expect(text.contains(scratch.store.path) && text.contains("newer Gatepost"))
    }

    @Test(arguments: [Store.Access.readWrite, .readOnly])
    func saysThatAFileIsDamaged(_ access: Store.Access) throws {
        let scratch = try Scratch()
        let rubbish = try scratch.write(String(repeating: "this is no database. ", count: 300), to: "rubbish")
        let error = #expect(throws: StoreError.self) { try Store(path: rubbish, access: access) }
        #expect(error?.description.hasPrefix("event store \(rubbish) is damaged: ") == true)
    }

    @Test func saysWhyItCannotOpen() throws {
        let scratch = try Scratch()
        for path in [scratch.file("nowhere/store.db"), scratch.path] {
            let error = #expect(throws: StoreError.self) { try Store(path: path) }
            guard case .cannotOpen(path, let reason) = error else {
                Issue.record("\(path): \(String(describing: error))")
                continue
            }
            #expect(!reason.isEmpty)
            #expect(error?.description.hasPrefix("cannot open event store \(path): ") == true)
        }
        let absent = scratch.file("absent.db")
        let error = #expect(throws: StoreError.self) { try Store(path: absent, access: .readOnly) }
        #expect("\(try #require(error))".hasPrefix("there is no event store at \(absent); "))
        #expect(!FileManager.default.fileExists(atPath: absent), "reading makes no file")
    }

    @Test func readOnlyDoesNotWrite() throws {
        let scratch = try ScratchStore()
        let reader = try Store(path: scratch.store.path, access: .readOnly)
        #expect(throws: StoreError.self) { try reader.run("DELETE FROM webhook_event") }
        #expect(try reader.number("SELECT count(*) FROM webhook_event") == 0)
    }

    private static let statements =
        EventSQL.all + JobSQL.all + SecretSQL.all + ErrandSQL.all + LearnedSecretSQL.all + DiscardSQL.all + ReplaySQL.all + AlertSQL.all
        + AlertFactsSQL.all + SealingSQL.all + RotationPart.allSQL + LostKeySQL.all + OriginalSQL.all + PersonSQL.all + ErasureSQL.all
        + RegroupingSQL.all + MetricSQL.all + TallySQL.all
        + IngestTimingSQL.all + CollectorSQL.all

    @Test(arguments: statements)
    func everyStatementPrepares(_ sql: String) throws {
        let store = try ScratchStore().store
        try store.read { db in _ = try db.makeStatement(sql: sql) }
    }

    @Test func aThrowUndoesTheTransaction() throws {
        struct Stop: Error {}
        let store = try ScratchStore().store
        #expect(throws: StoreError.self) {
            try store.write { db in
                try db.execute(sql: "INSERT INTO event_tally (tenant, source, status, events) VALUES ('a', 'b', 'queued', 1)")
                throw Stop()
            }
        }
        #expect(try store.number("SELECT count(*) FROM event_tally") == 0)
        try store.run("INSERT INTO event_tally (tenant, source, status, events) VALUES ('a', 'b', 'queued', 1)")
    }

    /// SQLITE_BUSY is 5.
    @Test func aLockedStoreIsSaidToBe() throws {
        let scratch = try ScratchStore()
        let other = try Store(path: scratch.store.path, busyTimeout: .milliseconds(5))
        let error = try scratch.store.write { _ in
            #expect(throws: StoreError.self) { try other.run("DELETE FROM event_tally") }
        }
        guard case .sql(let code, _, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(code & 0xFF == 5)
        #expect(try other.number("SELECT count(*) FROM event_tally") == 0, "readers do not wait for writers")
    }

    @Test func knowsTheFreeSpace() throws {
        let scratch = try ScratchStore()
        #expect(scratch.store.freeBytes ?? 0 > 0)
    }
}
