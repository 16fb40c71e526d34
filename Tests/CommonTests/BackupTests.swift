import Foundation
import GRDB
import Testing

@testable import Common

/// A copy is whole and checked, or it is not there.
@Suite struct BackupTests {
    private static let now = Timestamp(milliseconds: 1_764_000_000_123)

    private func backup(_ scratch: ScratchStore, to name: String, keepFree: Int = 0) throws -> StoreCopy {
        try StoreBackup(store: scratch.store.path, keepFree: keepFree).run(to: scratch.scratch.file(name), now: Self.now)
    }

    private func filled(_ events: Int = 3) throws -> ScratchStore {
        let scratch = try ScratchStore()
        for number in 0..<events { _ = try scratch.put(.sample("evt_\(number)")) }
        return scratch
    }

    @Test func isOneFileWithEveryRow() throws {
        let scratch = try filled()
        let copy = try backup(scratch, to: "copy.db")
        #expect(copy.rows["webhook_event"] == 3 && copy.rows["job_execution"] == 3 && copy.rows["nonce"] == 0)
        #expect(copy.bytes > 0)
        let mode = try FileManager.default.attributesOfItem(atPath: copy.path)[.posixPermissions] as? Int
        #expect(mode == 0o640)
        let left = try FileManager.default.contentsOfDirectory(atPath: scratch.scratch.path).filter { $0.hasPrefix("copy") }
        #expect(left == ["copy.db"], "no log and no half copy beside it")
        let restored = try Store(path: copy.path)
        #expect(
            try restored.texts("SELECT id FROM webhook_event ORDER BY seq")
                == scratch.store.texts("SELECT id FROM webhook_event ORDER BY seq"))
    }

    @Test func aDirectoryGetsAFileWithTheTime() throws {
        let scratch = try filled(1)
        let copy = try backup(scratch, to: "")
        #expect(copy.path.hasSuffix("/gatepost-20251124T160000Z.db"))
    }

    @Test func anOlderBackupIsReplaced() throws {
        let scratch = try filled(1)
        _ = try backup(scratch, to: "copy.db")
        _ = try scratch.put(.sample("evt_new"))
        #expect(try backup(scratch, to: "copy.db").rows["webhook_event"] == 2)
    }

    @Test func replacesNothingElse() throws {
        let scratch = try filled(1)
        let path = scratch.store.path
        try scratch.scratch.write("no database", to: "notes.txt")
        let other = try Store(path: scratch.scratch.file("other.db"))
        try FileManager.default.createSymbolicLink(atPath: scratch.scratch.file("link.db"), withDestinationPath: path)
        for (name, word) in [("store.db", "itself"), ("link.db", "itself"), ("notes.txt", "no backup"), ("other.db", "in use")] {
            let error = #expect(throws: BackupError.self) { try backup(scratch, to: name) }
            #expect("\(try #require(error))".contains(word), "\(name)")
        }
        #expect(try scratch.store.number("SELECT count(*) FROM webhook_event") == 1)
        #expect(try other.number("SELECT count(*) FROM webhook_event") == 0)
    }

    @Test func leavesIngestItsRoom() throws {
        let scratch = try filled(1)
        let error = #expect(throws: BackupError.self) { try backup(scratch, to: "copy.db", keepFree: 1 << 50) }
        #expect("\(try #require(error))".contains("free-space-floor"))
        #expect(!FileManager.default.fileExists(atPath: scratch.scratch.file("copy.db")))
    }

    /// Torn pages in the middle, as a dying disk leaves them.
    @Test func aDamagedStoreGivesNoCopy() throws {
        let scratch = try filled(300)
        try scratch.store.run("PRAGMA user_version = 1")
        let path = scratch.scratch.file("damaged.db")
        _ = try backup(scratch, to: "damaged.db")
        let file = try FileHandle(forUpdating: URL(filePath: path))
        let pages = try file.seekToEnd() / 4096
        for page in pages / 2..<pages {
            try file.seek(toOffset: page * 4096)
            try file.write(contentsOf: Data(repeating: 0xA5, count: 4096))
        }
        try file.close()
        #expect(throws: BackupError.self) {
            try StoreBackup(store: path, keepFree: 0).run(to: scratch.scratch.file("copy.db"), now: Self.now)
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: scratch.scratch.path).filter { $0.hasPrefix("copy") }
        #expect(left == [])
    }

    @Test(arguments: [("absent", "no such file"), ("rubbish", "no event store"), ("other", "no event store")])
    func takesOnlyAStore(_ name: String, _ word: String) throws {
        let scratch = try Scratch()
        try scratch.write(String(repeating: "rubbish ", count: 600), to: "rubbish")
        try DatabaseQueue(path: scratch.file("other")).write { try $0.execute(sql: "CREATE TABLE a (b)") }
        for work in [
            { try StoreBackup(store: scratch.file(name), keepFree: 0).run(to: scratch.file("copy.db"), now: Self.now) },
            { try StoreRestore(store: scratch.file("copy.db")).run(from: scratch.file(name)) },
        ] {
            let error = #expect(throws: BackupError.self) { try work() }
            #expect("\(try #require(error))".contains(word))
        }
        #expect(!FileManager.default.fileExists(atPath: scratch.file("copy.db")))
    }
}

@Suite struct RestoreTests {
    private func backedUp() throws -> (scratch: ScratchStore, backup: String) {
        let scratch = try ScratchStore()
        _ = try scratch.put(.sample("evt_1"))
        let copy = try StoreBackup(store: scratch.store.path, keepFree: 0).run(
            to: scratch.scratch.file("copy.db"), now: Timestamp(milliseconds: 0))
        return (scratch, copy.path)
    }

    @Test func makesTheStoreAgain() throws {
        let (scratch, backup) = try backedUp()
        let copy = try StoreRestore(store: scratch.scratch.file("new.db")).run(from: backup)
        #expect(copy.rows["webhook_event"] == 1)
        let store = try Store(path: copy.path)
        #expect(try store.texts("SELECT id FROM webhook_event") == scratch.store.texts("SELECT id FROM webhook_event"))
    }

    @Test(arguments: ["", "-wal", "-shm", "-journal"])
    func replacesNothing(_ end: String) throws {
        let (scratch, backup) = try backedUp()
        try scratch.scratch.write("old", to: "new.db\(end)")
        let error = #expect(throws: BackupError.self) { try StoreRestore(store: scratch.scratch.file("new.db")).run(from: backup) }
        #expect("\(try #require(error))".contains("move it away"))
        #expect(try String(contentsOfFile: scratch.scratch.file("new.db\(end)"), encoding: .utf8) == "old")
    }

    @Test func refusesANewerSchema() throws {
        let (scratch, backup) = try backedUp()
        try Store(path: backup).run("INSERT INTO grdb_migrations (identifier) VALUES ('99 from the future')")
        #expect(throws: BackupError.newer(path: backup)) { try StoreRestore(store: scratch.scratch.file("new.db")).run(from: backup) }
        #expect(!FileManager.default.fileExists(atPath: scratch.scratch.file("new.db")))
    }

    @Test(arguments: [
        ("nobody", [], nil),
        ("another instance", [StoreUser(program: "gatepost-ingest", pid: 7, files: ["/srv/other/gatepost.db", "/srv/storehouse/a"])], nil),
        ("the store", [StoreUser(program: "gatepost-worker", pid: 8, files: ["/srv/store/gatepost.db"])], 8),
        ("the store, moved away meanwhile", [StoreUser(program: "gatepost-ingest", pid: 9, files: ["/srv/store/gatepost.db.old-wal"])], 9),
        ("the pages", [StoreUser(program: "gatepost-admin", pid: 11, files: ["/srv/store/old/gatepost.db"])], 11),
        ("one that we may not look into", [StoreUser(program: "gatepost-ingest", pid: 10, files: nil)], 10),
    ])
    func knowsWhoHasTheStoreOpen(_ name: String, _ users: [StoreUser], _ pid: Int?) {
        #expect(StoreUser.among(users, of: "/srv/store")?.pid == pid, "\(name)")
    }
}
