import Foundation
import GRDB
import GRDBSQLite
import Synchronization

/// Moves what is committed from the write-ahead log into the store's file, on a thread and a connection of its own.
///
/// Left to itself SQLite has the commit do it that makes the log 1,000 pages long, with two more waits for the disk, before it is answered.
public final class Checkpointer: Sendable {
    /// Pages in the log. From `due` on we are asked, as often as SQLite would do it; from `most` on, because we cannot follow or somebody
    /// reads an old state, the commit tries it too, as SQLite does by default.
    public struct Limits: Sendable {
        let due: Int32
        let most: Int32

        public init(due: Int32 = 1000, most: Int32 = 8000) { (self.due, self.most) = (due, most) }
    }

    private let writer: Store
    private let own: Store
    private let limits: Limits
    private let asked = DispatchSemaphore(value: 0)
    private let isAsked = Atomic(false)
    private let isEnding = Atomic(false)

    /// From here on the commits of `writer` leave the log to this.
    public init(of writer: Store, _ limits: Limits = Limits()) throws(StoreError) {
        self.writer = writer
        own = try Store(path: writer.path, vault: writer.vault)
        self.limits = limits
        writer.callAfterCommits(self)
    }

    /// Returns after `end`.
    public func run() {
        while true {
            asked.wait()
            if isEnding.load(ordering: .acquiring) { return }
            // Else somebody reads an old state, or the disk is full: it is tried again, but not at once.
            if !move() { Thread.sleep(forTimeInterval: Self.pause) }
            isAsked.store(false, ordering: .releasing)
        }
    }

    /// Once; commits do it by themselves again.
    public func end() {
        writer.callNobodyAfterCommits()
        isEnding.store(true, ordering: .releasing)
        asked.signal()
    }

    private static let pause = 0.25
    /// Pages that are moved in no time.
    private static let few = 64

    /// Most of it while others write; then what is left between two of the writer's commits, or a busy store's log would never begin anew.
    /// - Returns: whether all of it was moved.
    func move() -> Bool {
        for _ in 0..<4 {
            guard let left = try? own.movePages() else { return false }
            if left < Self.few { break }
        }
        return (try? writer.movePages()) == 0
    }

    /// After each commit, on the committing thread, with what is in the log now.
    fileprivate func note(_ pages: Int32, _ connection: OpaquePointer?, _ name: UnsafePointer<CChar>?) {
        guard pages >= limits.due else { return }
        if pages >= limits.most { sqlite3_wal_checkpoint_v2(connection, name, SQLITE_CHECKPOINT_PASSIVE, nil, nil) }
        if !isAsked.exchange(true, ordering: .acquiringAndReleasing) { asked.signal() }
    }
}

extension Store {
    /// Waits for nobody.
    /// - Returns: how many pages of the log are not in the file yet.
    fileprivate func movePages() throws -> Int {
        let (inLog, moved) = try database.writeWithoutTransaction { try $0.checkpoint(.passive) }
        return inLog - moved
    }

    /// "A single database handle may have at most a single write-ahead log callback registered at one time": ours takes the place of the one
    /// that checkpoints (sqlite3_wal_hook, sqlite3_wal_autocheckpoint). Its error would be the commit's, so it has none.
    fileprivate func callAfterCommits(_ checkpointer: Checkpointer) {
        // The connection's own hold on it, which `callNobodyAfterCommits` gives back.
        let context = Unmanaged.passRetained(checkpointer).toOpaque()
        database.inDatabase { db in
            _ = sqlite3_wal_hook(
                db.sqliteConnection,
                { context, connection, name, pages in
                    guard let context else { return SQLITE_OK }
                    Unmanaged<Checkpointer>.fromOpaque(context).takeUnretainedValue().note(pages, connection, name)
                    return SQLITE_OK
                }, context)
        }
    }

    /// Only after `callAfterCommits`.
    fileprivate func callNobodyAfterCommits() {
        database.inDatabase { db in
            // It returns the context that it had (sqlite3_wal_hook).
            if let context = sqlite3_wal_hook(db.sqliteConnection, nil, nil) { Unmanaged<Checkpointer>.fromOpaque(context).release() }
            sqlite3_wal_autocheckpoint(db.sqliteConnection, 1000)
        }
    }
}
