import GRDB

enum ReplaySQL {
    /// ?1 event_seq.
    static let job = """
        SELECT j.tenant, j.push_key, j.status, e.status AS event_status FROM job_execution j JOIN webhook_event e ON e.seq = j.event_seq
        WHERE j.event_seq = ?1
        """

    /// ?1 event_seq. Whether retention has taken its payload.
    static let isEmpty = "SELECT length(raw_body) = 0 FROM webhook_event WHERE seq = ?1"

    /// ?1 event_seq, ?2 most rows to look at either way, ?3 push_key, ?4 tenant. What went out under that key, in order of arrival. Done
    /// work has no index of keys: events of one push came close together, and the key itself says whether all were found.
    static let members = """
        SELECT event_seq, event_id, status FROM (
            SELECT * FROM (SELECT event_seq, event_id, status, push_key, tenant FROM job_execution
                WHERE event_seq <= ?1 ORDER BY event_seq DESC LIMIT ?2)
            UNION ALL
            SELECT * FROM (SELECT event_seq, event_id, status, push_key, tenant FROM job_execution
                WHERE event_seq > ?1 ORDER BY event_seq LIMIT ?2))
        WHERE push_key = ?3 AND tenant = ?4 ORDER BY event_seq
        """

    /// ?1 event_seq, ?2 due_at, ?3 a new push_key or NULL: the one it has.
    static let revive = """
        UPDATE job_execution SET status = 'waiting', finished_at = NULL, started_at = NULL, attempts = 0, due_at = ?2, http_status = NULL,
            cause = NULL, error = NULL, push_key = coalesce(?3, push_key)
        WHERE event_seq = ?1 AND status IN ('done', 'discarded')
        """

    /// ?1 event_seq. When its push has ended.
    static let finished = "SELECT finished_at FROM job_execution WHERE event_seq = ?1 AND status = 'done'"

    static let all = [job, isEmpty, members, revive, finished]
}

/// Has events pushed once more that WordPress has already, or that somebody gave up.
public struct Replays: Sendable {
    private let store: Store

    public init(store: Store) { self.store = store }

    public enum Plan: Sendable, Equatable {
        /// Row numbers: the event, and what went out under the same key.
        case go([Int64])
        /// It was folded with others, and they are not near it, not there any more, or did not end as it did: only as a new one.
        case groupIsGone
        /// It was pushed so long ago that WordPress may not know its key any more, and would do it again: only as a new one.
        case keyIsForgotten([Int64])
        /// Its payload, or that of what it was folded with, is older than is kept.
        case payloadIsGone
        /// The cutover keeps it.
        case isMirrored
        /// Its work is not over: `waiting`, `leased` or `dead`; nil: it is pushed nowhere.
        case notOver(String?)
    }

    /// Rows either way.
    static let lookedAt = [500, 10_000, 100_000]

    /// As long as the plugin keeps keys.
    public static let keyAge: Duration = .seconds(90 * 86_400)

    /// What would go again with this event under its own key.
    /// - Parameter now: for how long WordPress has known it.
    public func plan(_ sequence: Int64, now: Timestamp) throws(StoreError) -> Plan {
        let plan = try plan(sequence)
        guard case .go(let members) = plan else { return plan }
        let finished = try store.read { try Int64.fetchOne($0.cachedStatement(sql: ReplaySQL.finished), arguments: [sequence]) }
        guard let finished, Timestamp(milliseconds: finished) + Self.keyAge < now else { return plan }
        return .keyIsForgotten(members)
    }

    func plan(_ sequence: Int64) throws(StoreError) -> Plan {
        try store.read { db in
            guard let job = try Row.fetchOne(db.cachedStatement(sql: ReplaySQL.job), arguments: [sequence]) else { return .notOver(nil) }
            let (tenant, key, status): (String, String?, String) = (job["tenant"], job["push_key"], job["status"])
            guard status == "done" || status == "discarded" else { return .notOver(status) }
            guard job["event_status"] != EventStatus.received.rawValue else { return .isMirrored }
            guard let key, key.hasPrefix("group-") else { return try Self.plan([sequence], db) }
            let members = try Self.members(of: key, tenant, near: sequence, db)
            if let open = members.first(where: { !["done", "discarded"].contains($0["status"] as String) }) {
                return .notOver(open["status"])
            }
            // A key has one content, so all of it goes or nothing.
            guard Coalescing.key(of: members.map { $0["event_id"] }) == key, members.allSatisfy({ $0["status"] == status }) else {
                return .groupIsGone
            }
            return try Self.plan(members.map { $0["event_seq"] }, db)
        }
    }

    /// They came close together, so we look near by first.
    private static func members(of key: String, _ tenant: String, near sequence: Int64, _ db: Database) throws -> [Row] {
        var members: [Row] = []
        for most in lookedAt {
            members = try Row.fetchAll(db.cachedStatement(sql: ReplaySQL.members), arguments: [sequence, most, key, tenant])
            if Coalescing.key(of: members.map { $0["event_id"] }) == key { break }
        }
        return members
    }

    private static func plan(_ members: [Int64], _ db: Database) throws -> Plan {
        let isEmpty = try members.contains { try Bool.fetchOne(db.cachedStatement(sql: ReplaySQL.isEmpty), arguments: [$0]) ?? true }
        return isEmpty ? .payloadIsGone : .go(members)
    }

    /// Makes them wait again with all their tries before them, in order of arrival.
    /// - Parameters:
    ///   - newKey: gives each a key that WordPress has never seen; nil: all keep theirs.
    ///   - due: not before; nil: at once.
    /// - Returns: how many wait now. Those that are open or dead meanwhile are left alone.
    public func replay(
        _ sequences: Set<Int64>, newKey: (() -> String)? = nil, due: [Int64: Timestamp] = [:], now: Timestamp
    ) throws(StoreError) -> Int {
        // A worker that marks at this moment must not take what waits again for what it has settled.
        try JobQueue(store: store).markSettled()
        return try store.writeInTurn { db in
            var tally = Tally()
            let count = try sequences.sorted().reduce(0) { count, sequence in
                try count + (revive(sequence, key: newKey?(), due: due[sequence] ?? now, &tally, db) ? 1 : 0)
            }
            try tally.write(db, at: now)
            return count
        }
    }

    private func revive(_ sequence: Int64, key: String?, due: Timestamp, _ tally: inout Tally, _ db: Database) throws -> Bool {
        guard let job = try Row.fetchOne(db.cachedStatement(sql: ReplaySQL.job), arguments: [sequence]) else { return false }
        try db.cachedStatement(sql: ReplaySQL.revive).execute(arguments: [sequence, due.milliseconds, key])
        guard db.changesCount == 1 else { return false }
        try Lane.rejoin(sequence, due: due, db)
        let row = try Row.fetchOne(db.cachedStatement(sql: JobSQL.requeue), arguments: [sequence])
        if let row, let before = EventStatus(rawValue: job["event_status"]) {
            tally.move(tenant: row["tenant"], source: row["source"], from: before, to: .queued)
        }
        return true
    }
}
