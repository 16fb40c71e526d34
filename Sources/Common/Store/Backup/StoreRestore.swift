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
        if let user = StoreUser.among(StoreUser.all(), of: directory) { throw .running(program: user.program, pid: user.pid) }
        let copy = try StoreCopy.make(of: source, at: store, .onlyIfFree)
        try giveToOwner(of: directory)
        return copy
    }

    /// Root restores for the service's user.
    private func giveToOwner(of directory: String) throws(BackupError) {
        var info = stat()
        guard geteuid() == 0, stat(directory, &info) == 0 else { return }
        guard chown(store, info.st_uid, info.st_gid) == 0 else {
            throw .file(path: store, reason: "cannot be given to its directory's owner: \(String(cString: strerror(errno)))")
        }
    }
}
