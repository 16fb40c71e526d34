import GRDB

extension Store {
    /// What this connection removes or writes over is zeroes in the file, not only free space.
    /// https://www.sqlite.org/pragma.html#pragma_secure_delete
    public func overwriteWhatIsRemoved() throws(StoreError) {
        do { try database.writeWithoutTransaction { _ = try Row.fetchAll($0, sql: "PRAGMA secure_delete = ON") } } catch {
            throw .from(error, statement: "PRAGMA secure_delete")
        }
    }

    /// Takes the write-ahead log into the file and cuts it off: old pages are in it. Where somebody reads, it happens later by itself.
    public func emptyTheLog() {
        defer { waiters.leave() }
        try? database.writeWithoutTransaction { _ = try Row.fetchAll($0, sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    }
}
