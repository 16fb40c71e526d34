import Foundation
import GRDB

enum LostKeySQL {
    /// ?1 behind this event, ?2 `sealed:` and the key's id, ?3 most rows.
    static let look = "SELECT seq, tenant, source, status FROM webhook_event WHERE seq > ?1 AND headers = ?2 ORDER BY seq LIMIT ?3"

    /// ?1 seq, ?2 error, ?3 now. The key is free for what the provider sends again.
    static let fail = """
        UPDATE webhook_event SET status = 'failed', error = ?2, settled_at = ?3, idempotency_key = idempotency_key || '#lost-' || seq
        WHERE seq = ?1 AND status IN ('queued', 'failed') AND idempotency_key NOT GLOB '*#lost-*'
        """

    /// ?1 event_seq, ?2 now, ?3 cause, ?4 error.
    static let die = """
        UPDATE job_execution SET status = 'dead', finished_at = coalesce(finished_at, ?2), lease = NULL, cause = ?3, error = ?4,
            push_key = event_id
        WHERE event_seq = ?1 AND status IN ('waiting', 'leased', 'dead')
        """

    /// ?1 lane, ?2 event_seq.
    static let leave = "DELETE FROM lane_job WHERE lane_id = ?1 AND event_seq = ?2"

    /// ?1 event_seq.
    static let forgetNonce = "DELETE FROM nonce WHERE event_seq = ?1"

    static let all = [look, fail, die, leave, forgetNonce]
}

/// A data key that nobody will ever have again. What it sealed cannot be read; what was to be pushed of it has to be sent again.
public struct LostKey: Sendable {
    public static let cause = "key_lost"
    private static let step = 200

    private let store: Store
    private let id: String

    public init(store: Store, id: String) {
        self.store = store
        self.id = id
    }

    /// Makes dead letters of its events that still had to go, and frees their idempotency keys and nonces: what the provider sends again
    /// is taken as new. Where the store's own key is under it, the store begins anew with the active one when ingest starts.
    /// - Returns: how many events.
    public func giveUp(now: Timestamp) throws(StoreError) -> Int {
        // What WordPress has already is done, and its key stays: a repeat would be pushed a second time.
        try JobQueue(store: store).markSettled()
        var (last, count): (Int64, Int) = (0, 0)
        while true {
            let rows = try store.read { [mark = SealedValue.mark + id] in
                try Row.fetchAll($0.cachedStatement(sql: LostKeySQL.look), arguments: [last, mark, Self.step])
            }
            guard let end = rows.last else { break }
            last = end["seq"]
            count += try store.writeInTurn { db in
                var tally = Tally()
                let given = try rows.reduce(0) { try $0 + (giveUp($1, now: now, &tally, db) ? 1 : 0) }
                try tally.write(db, at: now)
                return given
            }
        }
        if case .locked(id) = try store.sealingState() { try store.write { try $0.cachedStatement(sql: SealingSQL.end).execute() } }
        return count
    }

    private func giveUp(_ row: Row, now: Timestamp, _ tally: inout Tally, _ db: Database) throws -> Bool {
        let sequence: Int64 = row["seq"]
        let text = "the data key \(id) that it was encrypted with is lost; have the provider send it again"
        try db.cachedStatement(sql: LostKeySQL.fail).execute(arguments: [sequence, "\(Self.cause): \(text)", now.milliseconds])
        guard db.changesCount == 1 else { return false }
        let lane = try Regrouping.leave(sequence, db)
        try db.cachedStatement(sql: LostKeySQL.die).execute(arguments: [sequence, now.milliseconds, Self.cause, text])
        try db.cachedStatement(sql: LostKeySQL.forgetNonce).execute(arguments: [sequence])
        if let lane {
            try db.cachedStatement(sql: LostKeySQL.leave).execute(arguments: [lane, sequence])
            try Lane.moveOn(lane, db)
        }
        if row["status"] as String == "queued" { tally.move(tenant: row["tenant"], source: row["source"], from: .queued, to: .failed) }
        return true
    }
}
