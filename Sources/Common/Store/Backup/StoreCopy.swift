import Foundation
import GRDB

/// A verified copy of a store: what `gatepost backup` and `gatepost restore` make.
public struct StoreCopy: Sendable, Equatable {
    public let path: String
    public let bytes: Int
    /// Rows by table, the same in the store and in the copy.
    public let rows: [String: Int]

    /// How the copy gets its name.
    enum Landing {
        /// An older copy of that name is replaced.
        case replace
        /// Nothing may stand there, not even since we looked.
        case onlyIfFree
    }

    /// Copies to a file beside `path`, checks it, and gives it the name at its end: nobody finds half a copy under that name.
    /// - Parameter owner: whose the copy is to be; nil: of who makes it.
    static func make(
        of store: StoreFile, at path: String, _ landing: Landing, owner: FileOwner? = nil
    ) throws(BackupError) -> StoreCopy {
        let partial = "\(path).partial-\(getpid())"
        try createEmpty(partial, owner)
        defer { for end in ["", "-journal", "-wal", "-shm"] { unlink(partial + end) } }
        let rows = try fill(partial, from: store)
        try sync(partial)
        switch landing {
        case .replace:
            guard rename(partial, path) == 0 else { throw .file(path: path, reason: String(cString: strerror(errno))) }
        case .onlyIfFree:
            guard link(partial, path) == 0 else { throw .inTheWay(path: path, reason: String(cString: strerror(errno))) }
        }
        try sync(directory(of: path))
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return StoreCopy(path: path, bytes: (attributes?[.size] as? NSNumber)?.intValue ?? 0, rows: rows)
    }

    /// For its owner to write and the group to read: it holds payloads.
    /// Given away while it is open and empty: by its name, another file could have come there meanwhile.
    private static func createEmpty(_ path: String, _ owner: FileOwner?) throws(BackupError) {
        let file = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard file >= 0 else { throw .file(path: path, reason: "cannot be made: \(String(cString: strerror(errno)))") }
        defer { close(file) }
        fchmod(file, 0o640)
        guard let owner else { return }
        guard fchown(file, owner.user, owner.group) == 0 else {
            throw .file(path: path, reason: "cannot be given to its directory's owner: \(String(cString: strerror(errno)))")
        }
    }

    private static func fill(_ partial: String, from store: StoreFile) throws(BackupError) -> [String: Int] {
        do {
            let copy = try DatabaseQueue(path: partial)
            defer { try? copy.close() }
            let before = try store.write(to: copy)
            let (faults, after) = try copy.writeWithoutTransaction { db in
                // The copy says of itself that it has a write-ahead log; without one it is a single file.
                try db.execute(sql: "PRAGMA journal_mode = DELETE")
                return (try String.fetchAll(db, sql: "PRAGMA integrity_check(10)"), try StoreFile.rows(db))
            }
            guard faults == ["ok"] else { throw BackupError.wrongCopy(path: store.path, reason: faults.joined(separator: "; ")) }
            guard before == after else { throw BackupError.wrongCopy(path: store.path, reason: "it has other numbers of rows") }
            return after
        } catch let error as BackupError {
            throw error
        } catch {
            throw .file(path: partial, reason: StoreFile.words(error))
        }
    }

    /// So that the name is not on the disk before the content.
    private static func sync(_ path: String) throws(BackupError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .file(path: path, reason: String(cString: strerror(errno))) }
        defer { close(file) }
        guard fsync(file) == 0 else { throw .file(path: path, reason: String(cString: strerror(errno))) }
    }

    static func directory(of path: String) -> String {
        let url = URL(filePath: path)
        return url.deletingLastPathComponent().path
    }
}
