import Foundation
import GRDB

/// An event that a provider's API, or a file, says there was.
public struct BackfillItem: Sendable {
    public let event: NewEvent
    /// Where the event has no id of its own: what it tells.
    public let state: ObjectState?

    public init(_ event: NewEvent, state: ObjectState?) {
        self.event = event
        self.state = state
    }
}

extension EventWriter {
    /// Stores what we do not have yet, by the rules of the live path: keys, nonces, work and counts alike. It says nothing of when the
    /// source was last heard of, since nobody has called.
    ///
    /// - Parameters:
    ///   - known: read on to the newest event in the same transaction, so that what arrives meanwhile is seen.
    ///   - progress: written with them; the counts are brought forward here.
    public func backfill(
        _ items: [BackfillItem], known: inout KnownStates?, progress: inout BackfillProgress?, now: Timestamp
    ) throws(StoreError) -> [StoreOutcome] {
        var (states, run) = (known, progress)
        let outcomes = try store.writeInTurn { db in
            try states?.readOn(db, store.vault)
            var batch = try EventBatch(db, store.vault, now: now)
            let outcomes = try items.map { try Self.put($0, states, &batch, db) }
            try batch.tallyAll(at: now)
            run?.taken += outcomes.count(where: \.isNew)
            run?.duplicates += outcomes.count { !$0.isNew }
            try run?.write(db)
            FailurePoint.beforeCommit.hit()
            return outcomes
        }
        FailurePoint.afterCommit.hit()
        (known, progress) = (states, run)
        return outcomes
    }

    private static func put(_ item: BackfillItem, _ known: KnownStates?, _ batch: inout EventBatch, _ db: Database) throws -> StoreOutcome {
        let digest = item.state?.digest(source: item.event.source, tenant: item.event.tenant)
        if let digest, let id = try String.fetchOne(db.cachedStatement(sql: BackfillSQL.byState), arguments: [Data(digest)]) {
            return .duplicate(id)
        }
        if let state = item.state, known?.has(state) == true { return .duplicate("") }
        let outcome = try batch.put(item.event)
        if let digest, case .stored(let id) = outcome {
            try db.cachedStatement(sql: BackfillSQL.claimState).execute(arguments: [Data(digest), id.sequence])
        }
        return outcome
    }

    /// What would become of them; writes nothing.
    public func foresee(_ items: [BackfillItem], known: KnownStates?) throws(StoreError) -> [Bool] {
        try store.read { db in
            try items.map { item in
                if let state = item.state {
                    let digest = state.digest(source: item.event.source, tenant: item.event.tenant)
                    let claimed = try String.fetchOne(db.cachedStatement(sql: BackfillSQL.byState), arguments: [Data(digest)])
                    if claimed != nil || known?.has(state) == true { return false }
                }
                return try String.fetchOne(db.cachedStatement(sql: EventSQL.byKey), arguments: [item.event.idempotencyKey]) == nil
            }
        }
    }
}

extension EventQueries {
    /// Whether there is an event under that key.
    public func has(key: String) throws(StoreError) -> Bool {
        try store.read { try String.fetchOne($0.cachedStatement(sql: EventSQL.byKey), arguments: [key]) != nil }
    }
}
