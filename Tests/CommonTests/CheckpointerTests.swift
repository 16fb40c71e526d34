import Foundation
import GRDB
import Testing

@testable import Common

/// What is committed gets from the log into the file, by nobody's commit.
@Suite struct CheckpointerTests {
    private let path = FileManager.default.temporaryDirectory.appending(path: "checkpoint-\(UUID()).db").path

    private func fill(_ store: Store, kilobytes: Int) throws {
        for _ in 0..<kilobytes / 64 {
            try store.write { try $0.execute(sql: "INSERT INTO probe (content) VALUES (zeroblob(65536))") }
        }
    }

    private func store() throws -> Store {
        let store = try Store(path: path)
        try store.write { try $0.execute(sql: "CREATE TABLE probe (id INTEGER PRIMARY KEY, content BLOB)") }
        return store
    }

    private func fileBytes() throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    }

    private func wait(until condition: () throws -> Bool) async throws {
        var tries = 0
        while try !condition(), tries < 6000 {
            tries += 1
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(try condition())
    }

    private func remove() throws {
        for end in ["", "-wal", "-shm"] { try FileManager.default.removeItem(atPath: path + end) }
    }

    @Test func commitsLeaveTheLogToIt() throws {
        let store = try store()
        let checkpointer = try Checkpointer(of: store, .init(due: 100, most: 100_000))
        let before = try fileBytes()
        // Twice what SQLite's own limit is: nobody has asked it to run yet.
        try fill(store, kilobytes: 16 << 10)
        #expect(try fileBytes() == before)
        #expect(checkpointer.move())
        #expect(try fileBytes() > 16 << 20)
        let log = store.writeAheadLogBytes
        try fill(store, kilobytes: 1 << 10)
        #expect(store.writeAheadLogBytes == log, "the log begins anew")
        checkpointer.end()
        try remove()
    }

    @Test func runsWhenACommitAsks() async throws {
        let store = try store()
        let checkpointer = try Checkpointer(of: store, .init(due: 100, most: 100_000))
        let thread = Thread { checkpointer.run() }
        thread.start()
        try fill(store, kilobytes: 2 << 10)
        try await wait { try fileBytes() > 2 << 20 }
        checkpointer.end()
        try await wait { thread.isFinished }
        try remove()
    }

    /// A long reader holds the log: commits go on, and try it themselves once it is very long.
    @Test func aReaderHoldsItUpAndNobodyElse() throws {
        let store = try store()
        let checkpointer = try Checkpointer(of: store, .init(due: 100, most: 400))
        let reader = try DatabaseQueue(path: path)
        try reader.inDatabase { db in
            try db.execute(sql: "BEGIN; SELECT count(*) FROM probe")
            try fill(store, kilobytes: 4 << 10)
            #expect(!checkpointer.move())
            #expect(try fileBytes() < 1 << 20)
            try db.execute(sql: "COMMIT")
        }
        try fill(store, kilobytes: 64)
        #expect(try fileBytes() > 4 << 20, "the next commit moved what we had not")
        checkpointer.end()
        try remove()
    }
}
