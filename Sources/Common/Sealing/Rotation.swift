import Foundation
import GRDB

/// Brings everything that is sealed, and what is still plain, under the active key, or back into plain; a few rows in a transaction, while
/// ingest and worker go on. Killed, it goes on where it was.
public struct Rotation: Sendable {
    /// What one row of progress says.
    public struct Progress: Sendable, Equatable {
        public let part: String
        public internal(set) var looked = 0
        public internal(set) var moved = 0
        /// Their key is missing, or they were tampered with: left as they are.
        public internal(set) var unreadable = 0
        public internal(set) var firstFault: SealError?
    }

    /// Rows in one transaction: others wait for the lock some milliseconds.
    static let step = 100
    /// Rows in one look.
    private static let page = 1000
    /// Over one table: beyond that somebody seals with another key all the time.
    private static let mostPasses = 20
    private let store: Store
    private let target: DataKey?

    /// - Parameter toPlain: opens everything instead, for good.
    public init(store: Store, toPlain: Bool = false) throws(StoreError) {
        self.store = store
        target = toPlain ? nil : store.vault.keys.active
        guard case .open = try store.sealingState() else {
            if case .locked(let id) = try store.sealingState() { throw .locked(keyID: id, given: store.vault.keys.all.map(\.id)) }
            throw .cannotSeal(reason: "nothing in the store is encrypted yet; give ingest GATEPOST_DATA_KEY and restart it")
        }
        guard toPlain || target != nil, store.vault.hashesLanes else { throw .cannotSeal(reason: "the store's search key does not open") }
    }

    private var targetName: String { target?.id ?? "plain" }

    /// - Parameter report: after each step; false stops, and another run goes on from there.
    /// - Returns: by table what was done; nil where it was stopped.
    public func run(_ report: (Progress) -> Bool) throws(StoreError) -> [Progress]? {
        try moveSearchKey()
        var done: [Progress] = []
        for part in RotationPart.all {
            guard let progress = try run(part, report) else { return nil }
            done.append(progress)
        }
        try store.write { try $0.cachedStatement(sql: RotationSQL.forget).execute() }
        if target == nil, done.allSatisfy({ $0.unreadable == 0 }) { try endSealing() }
        return done
    }

    /// From where the last run came to; then again from the front, until a whole pass finds nothing: somebody may have written with the
    /// old key meanwhile.
    private func run(_ part: RotationPart, _ report: (Progress) -> Bool) throws(StoreError) -> Progress? {
        var progress = Progress(part: part.name)
        let known = try store.read { [targetName] in
            try Int64.fetchOne($0.cachedStatement(sql: RotationSQL.last), arguments: [part.name, targetName])
        }
        var last = known ?? 0
        for _ in 0..<Self.mostPasses {
            let isWhole = last == 0
            let before = progress.moved
            progress.unreadable = 0
            while let end = try step(part, after: &last, &progress) {
                guard report(progress) else { return nil }
                if end { break }
            }
            if isWhole, progress.moved == before { return progress }
            last = 0
        }
        let what = target == nil ? "encrypts still" : "writes in plain, or with another key"
        throw .cannotSeal(reason: "\(part.name): somebody \(what); reload gatepost-ingest, and run this again")
    }

    /// - Returns: whether that was the last of them, for who comes after everything that comes never ends; nil where there was nothing.
    private func step(_ part: RotationPart, after last: inout Int64, _ progress: inout Progress) throws(StoreError) -> Bool? {
        let from = last
        let rows = try store.read { try Row.fetchAll($0.cachedStatement(sql: part.look), arguments: [from, Self.page]) }
        guard let end = rows.last else { return nil }
        progress.looked += rows.count
        let wrong = rows.filter { part.keyID($0) != target?.id && !isEmpty($0) }.map { $0["id"] as Int64 }
        for start in stride(from: 0, to: wrong.count, by: Self.step) {
            let some = wrong[start..<min(start + Self.step, wrong.count)]
            let copy = progress
            progress = try store.writeInTurn { db in
                var progress = copy
                for id in some { try move(id, of: part, &progress, db) }
                try db.cachedStatement(sql: RotationSQL.keep).execute(arguments: [part.name, targetName, some.last])
                return progress
            }
        }
        last = end["id"]
        return rows.count < Self.page
    }

    private func isEmpty(_ row: Row) -> Bool { row.hasColumn("is_empty") && row["is_empty"] as Bool }

    private func move(_ id: Int64, of part: RotationPart, _ progress: inout Progress, _ db: Database) throws {
        guard let row = try Row.fetchOne(db.cachedStatement(sql: part.read), arguments: [id]) else { return }
        do {
            if try part.move(row, store.vault, target != nil, db) { progress.moved += 1 }
        } catch let fault as SealError {
            progress.unreadable += 1
            progress.firstFault = progress.firstFault ?? fault
        }
    }

    /// First of all: whoever has the new key alone can work from here on.
    private func moveSearchKey() throws(StoreError) {
        guard let target else { return }
        try store.write { db in
            guard let row = try Row.fetchOne(db.cachedStatement(sql: SealingSQL.state)), row["key_id"] as String != target.id else {
                return
            }
            let key = try store.vault.open(Bytes(row["search_key"] as Data), at: .searchKey)
            let sealed = try store.vault.sealAlways([key], at: .searchKey)
            try db.cachedStatement(sql: SealingSQL.move).execute(arguments: [target.id, Data(sealed)])
        }
    }

    /// Nothing is sealed any more: without the key's row the store is one that never was. Hashed lanes stay hashed.
    private func endSealing() throws(StoreError) {
        guard store.vault.mode == .off else { return }
        try store.write { try $0.cachedStatement(sql: SealingSQL.end).execute() }
    }
}
