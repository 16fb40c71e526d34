import Foundation
import GRDB

enum ErasureSQL {
    /// ?1 seq.
    static let state = """
        SELECT e.source, e.tenant, e.status, e.idempotency_key, e.signature_valid, j.status AS job, j.push_key, j.event_seq IS NOT NULL AND j.finished_at IS NULL AS is_open,
            (SELECT lease FROM lane WHERE id = l.lane_id) AS lease
        FROM webhook_event e LEFT JOIN job_execution j ON j.event_seq = e.seq LEFT JOIN lane_job l ON l.event_seq = e.seq WHERE e.seq = ?1
        """

    /// ?1 seq. What says whose it was; key, ids, type and times stay.
    static let event = """
        UPDATE webhook_event SET raw_body = x'', headers = '{}', lane = NULL, source_ip = NULL, user_agent = NULL, error = NULL WHERE seq = ?1
        """

    /// ?1 event_seq.
    static let job = "UPDATE job_execution SET lane = NULL, error = NULL WHERE event_seq = ?1"

    /// ?1 event_seq, ?2 now.
    static let giveUp = """
        UPDATE job_execution SET status = 'discarded', finished_at = coalesce(finished_at, ?2), lease = NULL
        WHERE event_seq = ?1 AND status IN ('waiting', 'leased', 'dead')
        """

    /// ?1 seq, ?2 now.
    static let discard = "UPDATE webhook_event SET status = 'discarded', settled_at = ?2 WHERE seq = ?1 AND status IN ('queued', 'failed')"

    /// ?1 push_key.
    static let answers = "UPDATE attempt SET answer = NULL, error = NULL WHERE push_key = ?1"

    /// ?1 event_seq. The push's payload stands with its first event.
    static let mirror = "UPDATE mirror SET payload = NULL WHERE push_key = (SELECT push_key FROM mirror WHERE event_seq = ?1)"

    /// ?1 seq, ?2 idempotency_key.
    static let key = """
        UPDATE webhook_event SET idempotency_key = ?2
        WHERE seq = ?1 AND NOT EXISTS (SELECT 1 FROM webhook_event WHERE idempotency_key = ?2)
        """

    static let all = [state, event, job, giveUp, discard, answers, mirror, key]
}

/// Takes a person out of events: payload, header, lane and answers go; ids, key, type, times and status stay, so that a repeat is a
/// duplicate still. A rejected request goes whole.
public struct PersonEraser: Sendable {
    public struct Count: Sendable, Equatable {
        public internal(set) var erased = 0
        public internal(set) var rejected = 0
        /// Of those erased: they had to go to WordPress yet, or were dead letters.
        public internal(set) var discarded = 0
        /// Left as they are: they have to go to WordPress yet.
        public internal(set) var open = 0
        /// Left as they are: a push is under way.
        public internal(set) var underWay = 0

        public init() {}
    }

    private static let step = 100
    private let store: Store

    public init(store: Store) { self.store = store }

    /// - Parameter discardingOpen: gives up what has to go to WordPress yet; without, that is left.
    public func erase(_ hits: [PersonSearch.Hit], discardingOpen: Bool, now: Timestamp) throws(StoreError) -> Count {
        var count = Count()
        for start in stride(from: 0, to: hits.count, by: Self.step) {
            let some = hits[start..<min(start + Self.step, hits.count)]
            let before = count
            count = try store.writeInTurn { db in
                var (count, tally) = (before, Tally())
                for hit in some { try erase(hit, discardingOpen, now, &count, &tally, db) }
                try tally.write(db, at: now)
                return count
            }
        }
        return count
    }

    private func erase(
        _ hit: PersonSearch.Hit, _ discardingOpen: Bool, _ now: Timestamp, _ count: inout Count, _ tally: inout Tally, _ db: Database
    ) throws {
        let sequence = hit.sequence
        guard let row = try Row.fetchOne(db.cachedStatement(sql: ErasureSQL.state), arguments: [sequence]) else { return }
        guard row["signature_valid"] as Bool else {
            let gone = try Row.fetchOne(db.cachedStatement(sql: RejectionSQL.remove), arguments: [sequence])
            if let gone { tally.add(-1, tenant: gone["tenant"], source: gone["source"], status: .discarded) }
            count.rejected += gone == nil ? 0 : 1
            return
        }
        if row["is_open"] as Bool {
            guard (row["lease"] as String?) == nil else { return count.underWay += 1 }
            guard discardingOpen else { return count.open += 1 }
        }
        if try giveUp(sequence, row, now, &tally, db) { count.discarded += 1 }
        try empty(sequence, push: row["push_key"], db)
        // Or the provider's list would bring her back, and her order a second time.
        for digest in hit.states { try db.cachedStatement(sql: BackfillSQL.claimState).execute(arguments: [Data(digest), sequence]) }
        // An older version's key may have the address in it.
        if let key: String = row["idempotency_key"], key.keyWithoutAddress != key {
            try db.cachedStatement(sql: ErasureSQL.key).execute(arguments: [sequence, key.keyWithoutAddress])
        }
        count.erased += 1
    }

    /// What waits and what is dead is pushed no more: there is nothing left to push.
    private func giveUp(_ sequence: Int64, _ row: Row, _ now: Timestamp, _ tally: inout Tally, _ db: Database) throws -> Bool {
        guard ["waiting", "leased", "dead"].contains(row["job"] as String?) else { return false }
        let lane = try Regrouping.leave(sequence, db)
        try db.cachedStatement(sql: ErasureSQL.giveUp).execute(arguments: [sequence, now.milliseconds])
        if let lane {
            try db.cachedStatement(sql: LostKeySQL.leave).execute(arguments: [lane, sequence])
            try Lane.moveOn(lane, db)
        }
        try db.cachedStatement(sql: ErasureSQL.discard).execute(arguments: [sequence, now.milliseconds])
        if db.changesCount == 1, let old = EventStatus(rawValue: row["status"]) {
            tally.move(tenant: row["tenant"], source: row["source"], from: old, to: .discarded)
        }
        return true
    }

    private func empty(_ sequence: Int64, push: String?, _ db: Database) throws {
        try db.cachedStatement(sql: ErasureSQL.mirror).execute(arguments: [sequence])
        if let push { try db.cachedStatement(sql: ErasureSQL.answers).execute(arguments: [push]) }
        try db.cachedStatement(sql: OriginalSQL.forget).execute(arguments: [sequence])
        try db.cachedStatement(sql: ErasureSQL.job).execute(arguments: [sequence])
        try db.cachedStatement(sql: ErasureSQL.event).execute(arguments: [sequence])
    }
}
