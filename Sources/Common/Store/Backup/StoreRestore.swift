import Foundation

/// Puts a backup where there is no store.
public struct StoreRestore: Sendable {
    /// Where the store is to be.
    public let store: String

    public init(store: String) { self.store = store }

    public func run(from backup: String) throws(BackupError) -> StoreCopy {
        let source = try StoreFile(backup)
        guard try !source.isNewer() else { throw .newer(path: backup) }
        for end in ["", "-wal", "-shm", "-journal"] where FileManager.default.fileExists(atPath: store + end) {
            throw .inTheWay(
                path: store + end, reason: "is there, and restore replaces nothing; move it away first, \(store)-wal and -shm with it")
        }
        let directory = StoreCopy.directory(of: store)
        guard let owner = FileOwner(of: directory) else { throw .file(path: directory, reason: String(cString: strerror(errno))) }
        if let user = StoreUser.among(StoreUser.all(), of: directory) { throw .running(program: user.program, pid: user.pid) }
        // Root restores for the service's user.
        return try StoreCopy.make(of: source, at: store, .onlyIfFree, owner: geteuid() == 0 ? owner : nil)
    }
}

/// Whose a file is.
struct FileOwner {
    let user: uid_t
    let group: gid_t

    init?(of path: String) {
        var info = stat()
        guard stat(path, &info) == 0 else { return nil }
        (user, group) = (info.st_uid, info.st_gid)
    }
}
