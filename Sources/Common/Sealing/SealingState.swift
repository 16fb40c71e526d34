import Foundation
import GRDB

/// How the store and the keys that were given go together.
public enum SealingState: Sendable, Equatable {
    /// Nothing was ever sealed.
    case plain
    /// The store's key is among those given.
    case open(keyID: String)
    /// It is not: what is sealed with it cannot be read, and nothing new can be sealed.
    case locked(keyID: String)
}

extension Store {
    public func sealingState() throws(StoreError) -> SealingState {
        guard let row = try read({ try Row.fetchOne($0.cachedStatement(sql: SealingSQL.state)) }) else { return .plain }
        let id: String = row["key_id"]
        return vault.keys.all.contains { $0.id == id } ? .open(keyID: id) : .locked(keyID: id)
    }

    /// Reads the search key, where the store has one and we can. Nothing where it is locked: who writes has to ask `prepareSealing`.
    func loadSearchKey() throws(StoreError) {
        guard let row = try read({ try Row.fetchOne($0.cachedStatement(sql: SealingSQL.state)) }) else { return }
        guard let key = try? vault.open(Bytes(row["search_key"] as Data), at: .searchKey) else { return }
        do { try vault.search(with: key) } catch { throw .cannotSeal(reason: "\(error)") }
    }

    /// For the worker: with no key that opens the store its events wait.
    public func refuseLocked() throws(StoreError) {
        guard case .locked(let id) = try sealingState(), vault.mode != .off else { return }
        throw .locked(keyID: id, given: vault.keys.all.map(\.id))
    }

    /// Before anything is written into the store by ingest: with the first key open lanes get their hashed names. Refuses what would put
    /// people's data into a sealed store in plain, or seal it with a key that nobody else has.
    public func prepareSealing(now: Timestamp) throws(StoreError) {
        try loadSearchKey()
        switch try sealingState() {
        case .locked(let id) where vault.mode != .off: throw .locked(keyID: id, given: vault.keys.all.map(\.id))
        case .locked: return
        case .open:
            guard vault.hashesLanes else {
                throw .cannotSeal(reason: "the store's search key does not open: its row was changed; restore a backup")
            }
        case .plain:
            guard let active = vault.keys.active, vault.mode != .off else { return }
            try beginSealing(active, now: now)
            try loadSearchKey()
        }
    }

    private func beginSealing(_ active: DataKey, now: Timestamp) throws(StoreError) {
        let key = Crypto.random(32)
        let sealed = try vault.sealAlways([key], at: .searchKey)
        do { try vault.search(with: key) } catch { throw .cannotSeal(reason: "\(error)") }
        try write { db in
            // Somebody else may have been first: his key counts.
            guard try Row.fetchOne(db.cachedStatement(sql: SealingSQL.state)) == nil else { return }
            try db.cachedStatement(sql: SealingSQL.begin).execute(arguments: [now.milliseconds, active.id, Data(sealed)])
            try renameOpenLanes(db)
        }
    }

    /// What waits keeps its order with what comes: the same person's next event has the hashed name.
    private func renameOpenLanes(_ db: Database) throws {
        for row in try Row.fetchAll(db, sql: SealingSQL.lanes) {
            let name = vault.lane(row["name"], tenant: row["tenant"])
            try db.cachedStatement(sql: SealingSQL.renameLane).execute(arguments: [row["id"] as Int64, name])
        }
        var last: Int64 = 0
        while true {
            let rows = try Row.fetchAll(db.cachedStatement(sql: SealingSQL.openLanes), arguments: [last, 1000])
            guard let end = rows.last else { return }
            last = end["event_seq"]
            for row in rows {
                let (sequence, name): (Int64, String?) = (row["event_seq"], vault.lane(row["lane"], tenant: row["tenant"]))
                try db.cachedStatement(sql: SealingSQL.renameJob).execute(arguments: [sequence, name])
                try db.cachedStatement(sql: SealingSQL.renameEvent).execute(arguments: [sequence, name])
            }
        }
    }
}

extension Vault {
    /// Whoever writes events or answers asks, for the store may have been sealed since it was opened. Plain payloads get into a sealed store by the
    /// settings' word alone.
    func sealWhereTheStoreIs(_ db: Database) throws {
        guard !isSealing, mode != .off else { return }
        guard let row = try Row.fetchOne(db.cachedStatement(sql: SealingSQL.state)) else { return }
        guard let key = try? open(Bytes(row["search_key"] as Data), at: .searchKey) else {
            throw StoreError.locked(keyID: row["key_id"], given: keys.all.map(\.id))
        }
        try search(with: key)
    }
}
