import Foundation

/// Copies a store while others write to it.
public struct StoreBackup: Sendable {
    /// The store's file.
    public let store: String
    /// Bytes that must stay free beside the copy: on the store's own disk ingest would refuse events below its floor.
    public let keepFree: Int

    public init(store: String, keepFree: Int) {
        self.store = store
        self.keepFree = keepFree
    }

    /// - Parameters:
    ///   - destination: a file, replaced where it is an older backup; in a directory the copy gets a name with `now` in it.
    public func run(to destination: String, now: Timestamp) throws(BackupError) -> StoreCopy {
        let path = Self.file(for: destination, now: now)
        let source = try StoreFile(store)
        try refuseToReplace(path)
        try requireRoom(at: path)
        return try StoreCopy.make(of: source, at: path, .replace)
    }

    /// `gatepost-20261123T183000Z.db` in a directory.
    static func file(for destination: String, now: Timestamp) -> String {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: destination, isDirectory: &isDirectory), isDirectory.boolValue else {
            return destination
        }
        let digits = now.description.prefix(19).filter { $0 != "-" && $0 != ":" }
        return "\(destination.hasSuffix("/") ? String(destination.dropLast()) : destination)/gatepost-\(digits)Z.db"
    }

    /// A slip of the hand must not cost a store or a file of another kind.
    private func refuseToReplace(_ path: String) throws(BackupError) {
        guard let old = Self.identity(path) else { return }
        guard old != Self.identity(store) else { throw .inTheWay(path: path, reason: "is the store itself; name another file") }
        guard Self.identity(path + "-wal") == nil, Self.identity(path + "-shm") == nil else {
            throw .inTheWay(path: path, reason: "is a store in use (it has a -wal beside it); name another file")
        }
        let isEmpty = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? NSNumber == 0
        guard isEmpty || (try? StoreFile(path)) != nil else {
            throw .inTheWay(path: path, reason: "is there and is no backup; name another file or remove it")
        }
    }

    private func requireRoom(at path: String) throws(BackupError) {
        let directory = StoreCopy.directory(of: path)
        var info = statvfs()
        guard statvfs(directory, &info) == 0 else { throw .file(path: directory, reason: String(cString: strerror(errno))) }
        let free = Int(clamping: UInt64(info.f_bavail) * UInt64(info.f_frsize))
        let sizes = [store, store + "-wal"].map { path in
            ((try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? NSNumber)?.intValue ?? 0
        }
        let needed = sizes.reduce(0, +) + keepFree
        guard free >= needed else { throw .noRoom(path: path, free: free, needed: needed) }
    }

    /// Device and inode; nil where there is nothing.
    private static func identity(_ path: String) -> [UInt]? {
        var info = stat()
        return stat(path, &info) == 0 ? [UInt(info.st_dev), UInt(info.st_ino)] : nil
    }
}
