import GRDB

/// Gives room that is free in the store's file back to the system.
public struct Vacuum: Sendable {
    /// Pages in one transaction: others wait for the lock some milliseconds.
    static let step = 100
    /// Free pages below this share of the file are left to be used again.
    private static let worthwhile = 0.2

    private let store: Store

    public init(store: Store) { self.store = store }

    public struct Room: Sendable, Equatable {
        public let pages, free, pageSize: Int
        /// False in a store that was made before this was possible: it has to be rebuilt once.
        public let isIncremental: Bool

        public var freeBytes: Int { free * pageSize }
    }

    public func room() throws(StoreError) -> Room {
        try store.read { db in
            func number(_ name: String) throws -> Int { try Int.fetchOne(db, sql: "PRAGMA \(name)") ?? 0 }
            return Room(
                pages: try number("page_count"), free: try number("freelist_count"), pageSize: try number("page_size"),
                isIncremental: try number("auto_vacuum") == 2)
        }
    }

    /// One step. The file is cut off when the log is next taken into it.
    /// - Returns: whether more is free.
    public func someSteps(_ most: Int) throws(StoreError) -> Bool {
        for _ in 0..<most {
            guard try room().free > 0 else { return false }
            try store.writeInTurn { try $0.execute(sql: "PRAGMA incremental_vacuum(\(Self.step))") }
        }
        return try room().free > 0
    }

    /// Whether a worker with nothing to do should.
    func isWorthwhile() throws(StoreError) -> Bool {
        let room = try room()
        return room.isIncremental && room.free > 1000 && Double(room.free) > Self.worthwhile * Double(room.pages)
    }

    /// Writes the whole file anew, with room for another beside it while that lasts; nobody else can write meanwhile.
    public func rebuild() throws(StoreError) {
        defer { store.waiters.leave() }
        do {
            try store.database.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
                try db.execute(sql: "VACUUM")
                _ = try Row.fetchAll(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            }
        } catch { throw .from(error, statement: "VACUUM") }
    }
}

extension JobQueue {
    /// Some of what is free, where that is much.
    /// - Parameter end: no step is begun after that.
    public func giveBackRoom(end: ContinuousClock.Instant) throws(StoreError) {
        let vacuum = Vacuum(store: store)
        for _ in 0..<20 where .now < end { guard try vacuum.isWorthwhile(), try vacuum.someSteps(1) else { return } }
    }
}
