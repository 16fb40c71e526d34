import Foundation
import GRDB

/// The event store: one SQLite file in WAL mode, `synchronous=FULL`, one connection a value of this type.
public final class Store: Sendable {
    public enum Access: Sendable { case readWrite, readOnly }

    public let path: String
    let database: DatabaseQueue
    let waiters: LockWaiters
    public let vault: Vault
    static let pageBytes = 8192
    /// What SQLite leaves of the write-ahead log's file when it begins the log anew.
    public static let keptLogBytes = 64 << 20

    /// Opens the file; with write access it is created and migrated where needed.
    /// - Parameter busyTimeout: how long a write waits for another process's.
    ///   - cache: bytes of pages that are kept in memory; nil: SQLite's 2 MiB.
    ///   - vault: the keys of what is sealed in it.
    public init(
        path: String, access: Access = .readWrite, busyTimeout: Duration = .seconds(5), cache: Int? = nil, vault: Vault = Vault()
    ) throws(StoreError) {
        self.path = path
        self.vault = vault
        let waiters = LockWaiters(store: path, patience: busyTimeout)
        self.waiters = waiters
        var configuration = Configuration()
        configuration.readonly = access == .readOnly
        configuration.busyMode = .callback { waiters.wait($0) }
        configuration.prepareDatabase { db in
            db.add(function: SearchFunction.body(vault))
            db.add(function: SearchFunction.lane(vault))
            guard !db.configuration.readonly else { return }
            // Before anything is in the file, or never: room that is free in it can then be given back a little at a time (`Vacuum`). On a
            // file with something in it the pragma would ask for the write lock.
            if try Int.fetchOne(db, sql: "PRAGMA page_count") == 0 {
                // An event with its body takes 3 to 4 KiB: on SQLite's usual 4 KiB pages each would have one to itself.
                try db.execute(sql: "PRAGMA page_size = \(Self.pageBytes)")
                try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
            }
            // WAL alone may lose the last commits when the power goes: https://www.sqlite.org/pragma.html#pragma_synchronous
            guard try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL") == "wal" else {
                throw StoreError.cannotOpen(path: path, reason: "its file system cannot hold a write-ahead log")
            }
            try db.execute(sql: "PRAGMA synchronous = FULL")
            // A long reader makes the log grow; once it has ended the file is cut back to this.
            try db.execute(sql: "PRAGMA journal_size_limit = \(Self.keptLogBytes)")
            if let cache { try db.execute(sql: "PRAGMA cache_size = -\(cache >> 10)") }
        }
        defer { waiters.leave() }
        do {
            if access == .readOnly, !FileManager.default.fileExists(atPath: path) {
                throw StoreError.missing(path: path)
            }
            database = try Self.open(path, configuration, until: .now + busyTimeout)
        } catch let error as StoreError {
            throw error
        } catch let error as DatabaseError where StoreError.isDamage(error.resultCode.rawValue) {
            throw .damaged(path: path, reason: error.message ?? "unknown")
        } catch {
            let reason = (error as? DatabaseError).map { "\($0.message ?? "unknown") (SQLite \($0.extendedResultCode.rawValue))" }
            throw .cannotOpen(path: path, reason: reason ?? "\(error)")
        }
        if !vault.keys.all.isEmpty { try loadSearchKey() }
    }

    /// Several programs may make a new file at one moment. The switch to WAL does not wait for its turn whatever the busy time-out
    /// (SQLite's busy handler is not called where two that wait could each hold what the other needs), so we begin again.
    private static func open(
        _ path: String, _ configuration: Configuration, until end: ContinuousClock.Instant
    ) throws -> DatabaseQueue {
        while true {
            do {
                let database = try DatabaseQueue(path: path, configuration: configuration)
                let migrator = Schema.migrator
                if try isNewer(database, than: migrator) { throw StoreError.newer(path: path) }
                if !configuration.readonly {
                    try migrate(database, with: migrator)
                } else if try !database.read(migrator.hasCompletedMigrations) {
                    throw StoreError.older(path: path)
                }
                return database
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && .now < end {
                usleep(10_000)
            }
        }
    }

    /// GRDB asks for its table of migrations, then whether there is one at all; between the two another program may have made it.
    private static func isNewer(_ database: DatabaseQueue, than migrator: DatabaseMigrator) throws -> Bool {
        do { return try database.read(migrator.hasBeenSuperseded) } catch { return try database.read(migrator.hasBeenSuperseded) }
    }

    /// Two programs may start at once: who comes second finds a step done that it was about to do, and goes on behind it.
    private static func migrate(_ database: DatabaseQueue, with migrator: DatabaseMigrator) throws {
        func applied() -> Int { (try? database.read(migrator.appliedIdentifiers).count) ?? 0 }
        var before = applied()
        while true {
            do { return try migrator.migrate(database) } catch {
                let now = applied()
                guard now > before else { throw error }
                before = now
            }
        }
    }

    public func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        defer { waiters.leave() }
        do { return try database.read(body) } catch { throw .from(error, statement: "read") }
    }

    /// One transaction that has the write lock from its start, so that it never fails half-way for want of it. Its commit is on disk.
    public func write<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do { return try database.writeWithoutTransaction { try transaction($0, body) } } catch {
            throw .from(error, statement: "write")
        }
    }

    /// - Parameter waiting: false: fails soon where another holds the lock.
    func write<Value>(waiting: Bool, _ body: (Database) throws -> Value) throws(StoreError) -> Value {
        guard !waiting else { return try write(body) }
        do { return try database.writeWithoutTransaction { db in try waiters.briefly { try transaction(db, body) } } } catch {
            throw .from(error, statement: "write")
        }
    }

    /// The same without waiting for the disk. Nothing is lost by a kill; should the power go, the last of these may be, with all that
    /// came after them and nothing that came before. The next `write` takes them to the disk with it.
    /// https://www.sqlite.org/pragma.html#pragma_synchronous
    /// - Parameter waiting: false: fails soon where another holds the lock.
    public func writeSoon<Value>(waiting: Bool = true, _ body: (Database) throws -> Value) throws(StoreError) -> Value {
        defer { waiters.leave() }
        do {
            return try database.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous = NORMAL")
                let result = Result { waiting ? try transaction(db, body) : try waiters.briefly { try transaction(db, body) } }
                try db.execute(sql: "PRAGMA synchronous = FULL")
                return try result.get()
            }
        } catch { throw .from(error, statement: "write") }
    }

    /// As `write`, one of many transactions that come one upon the other: where somebody waits for the lock, it is left to others for as
    /// long as it was held.
    /// - Parameter soon: as `writeSoon`.
    public func writeInTurn<Value>(soon: Bool = false, _ body: (Database) throws -> Value) throws(StoreError) -> Value {
        var begun = ContinuousClock.now
        func timed(_ db: Database) throws -> Value {
            begun = .now
            return try body(db)
        }
        let value = soon ? try writeSoon(timed) : try write(timed)
        leaveLock(held: .now - begun)
        return value
    }

    private func leaveLock(held: Duration) {
        guard waiters.areThere else { return }
        usleep(useconds_t(clamping: min(max(5000, held.microseconds), 900_000)))
    }

    private func transaction<Value>(_ db: Database, _ body: (Database) throws -> Value) throws -> Value {
        // `inTransaction` would have SQLite read both words anew each time.
        let begin = Result { try db.cachedStatement(sql: "BEGIN IMMEDIATE TRANSACTION").execute() }
        waiters.leave()
        try begin.get()
        do {
            let value = try body(db)
            try db.cachedStatement(sql: "COMMIT TRANSACTION").execute()
            return value
        } catch {
            // Some errors have rolled it back already: https://www.sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction
            if db.isInsideTransaction { try? db.rollback() }
            throw error
        }
    }

    /// Of the write-ahead log's file; 0 where there is none.
    public var writeAheadLogBytes: Int { Self.size("\(path)-wal") }

    /// Of the file itself.
    public var databaseBytes: Int { Self.size(path) }

    private static func size(_ path: String) -> Int {
        var info = stat()
        return stat(path, &info) == 0 ? Int(info.st_size) : 0
    }

    /// Bytes that the file system has left for us where the store lies; nil when it does not say.
    public var freeBytes: Int? {
        var info = statvfs()
        guard statvfs(path, &info) == 0 else { return nil }
        return Int(clamping: UInt64(info.f_bavail) * UInt64(info.f_frsize))
    }
}
