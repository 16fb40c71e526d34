import Foundation
import GRDB

/// A store's file as it is, of whatever version: looked at and copied, never migrated.
struct StoreFile {
    let path: String
    private let database: DatabaseQueue

    init(_ path: String) throws(BackupError) {
        self.path = path
        guard FileManager.default.fileExists(atPath: path) else { throw .file(path: path, reason: "no such file") }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        do {
            database = try DatabaseQueue(path: path, configuration: configuration)
            guard try database.read({ try $0.tableExists("grdb_migrations") && $0.tableExists("webhook_event") }) else {
                throw BackupError.notAStore(path: path, reason: "it has none of its tables")
            }
        } catch let error as BackupError {
            throw error
        } catch {
            throw .notAStore(path: path, reason: Self.words(error))
        }
    }

    /// True where a later Gatepost wrote it.
    func isNewer() throws(BackupError) -> Bool {
        do { return try database.read(Schema.migrator.hasBeenSuperseded) } catch { throw .notAStore(path: path, reason: Self.words(error)) }
    }

    /// Copies everything into `copy`, an empty file, within one read transaction: a snapshot, however much is written meanwhile.
    /// In one step, for between steps another process's write would begin the copy anew. Writers do not wait for it (WAL), but
    /// the log grows until it ends.
    /// - Returns: how many rows each table had.
    func write(to copy: DatabaseQueue) throws -> [String: Int] {
        try copy.writeWithoutTransaction { destination in
            try database.read { source in
                let rows = try Self.rows(source)
                try source.backup(to: destination)
                return rows
            }
        }
    }

    /// By table.
    static func rows(_ db: Database) throws -> [String: Int] {
        let tables = try String.fetchAll(
            db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
        return try tables.reduce(into: [:]) { rows, table in
            rows[table] = try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table.quotedDatabaseIdentifier)")
        }
    }

    static func words(_ error: any Error) -> String {
        (error as? DatabaseError).map { "\($0.message ?? "unknown") (SQLite \($0.extendedResultCode.rawValue))" } ?? "\(error)"
    }
}
