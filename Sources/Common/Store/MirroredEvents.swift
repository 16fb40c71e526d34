import GRDB

enum MirrorSQL {
    /// ?1 event_seq, ?2 mode, ?3 now, ?4 push_key, ?5 payload.
    static let keep = """
        INSERT OR REPLACE INTO mirror (event_seq, mode, at, push_key, payload) VALUES (?1, ?2, ?3, ?4, ?5)
        """

    /// ?1 after this event, ?2 tenant, ?3 source (NULL: any), ?4 most rows. In order of arrival.
    static let list = """
        SELECT m.event_seq, m.mode, m.at, m.push_key, m.payload IS NOT NULL AS has_payload, e.id, e.tenant, e.source, e.event_type, e.lane
        FROM mirror m JOIN webhook_event e ON e.seq = m.event_seq
        WHERE m.event_seq > ?1 AND (?2 IS NULL OR e.tenant = ?2) AND (?3 IS NULL OR e.source = ?3)
        ORDER BY m.event_seq LIMIT ?4
        """

    /// ?1 event_seq. The payload stands with the first event of its push.
    static let one = """
        SELECT m.mode, m.at, m.push_key, (SELECT tenant FROM webhook_event WHERE seq = m.event_seq) AS tenant,
            (SELECT f.payload FROM mirror f WHERE f.push_key = m.push_key AND f.payload IS NOT NULL LIMIT 1) AS payload
        FROM mirror m WHERE m.event_seq = ?1
        """

    /// ?1 event_seq. With it whatever was sent under the same key before the cutover kept it: WordPress may have that.
    static let members = """
        SELECT m.event_seq FROM mirror m WHERE m.event_seq = ?1
        UNION SELECT o.event_seq FROM mirror m JOIN job_execution j ON j.event_seq = m.event_seq AND j.push_key = m.push_key
            JOIN mirror o ON o.push_key = m.push_key JOIN job_execution k ON k.event_seq = o.event_seq AND k.tenant = j.tenant
        WHERE m.event_seq = ?1 ORDER BY 1
        """

    /// ?1 event_seq.
    static let forget = "DELETE FROM mirror WHERE event_seq = ?1"

    /// ?1 event_seq, ?2 due_at. What was sent before keeps its key, and goes again whole.
    static let release = """
        UPDATE job_execution SET status = 'waiting', finished_at = NULL, started_at = NULL, attempts = 0, due_at = ?2, cause = NULL
        WHERE event_seq = ?1 AND status = 'discarded'
        """

    static let all = [keep, list, one, members, forget, release]
}

/// Events that the cutover kept from WordPress, and what WordPress would have been sent.
public struct MirroredEvents: Sendable {
    public struct Entry: Sendable, Equatable {
        public let sequence: Int64
        public let id: String
        public let tenant: String
        public let source: String
        public let type: String
        public let lane: String?
        public let mode: Cutover.Mode
        public let at: Timestamp
        public let pushKey: String
    }

    /// One event's.
    public struct Kept: Sendable, Equatable {
        public let mode: Cutover.Mode
        public let at: Timestamp
        public let pushKey: String
        /// Nil with mode `off`.
        public let payload: Bytes?
    }

    private let store: Store

    public init(store: Store) { self.store = store }

    /// In order of arrival.
    public func list(after sequence: Int64 = 0, tenant: String?, source: String?, limit: Int) throws(StoreError) -> [Entry] {
        try store.read { db in
            try Row.fetchAll(db.cachedStatement(sql: MirrorSQL.list), arguments: [sequence, tenant, source, limit]).map { row in
                Entry(
                    sequence: row["event_seq"], id: row["id"], tenant: row["tenant"], source: row["source"], type: row["event_type"],
                    lane: row["lane"], mode: Cutover.Mode(rawValue: row["mode"]) ?? .off, at: Timestamp(milliseconds: row["at"]),
                    pushKey: row["push_key"])
            }
        }
    }

    public func kept(_ sequence: Int64) throws(StoreError) -> Kept? {
        try store.read { db in
            try Row.fetchOne(db.cachedStatement(sql: MirrorSQL.one), arguments: [sequence]).map { row in
                let place = SealPlace.mirror(push: row["push_key"], tenant: row["tenant"])
                let payload = try row.withUnsafeData(named: "payload") { $0.map(Bytes.init) }.map { try store.vault.open($0, at: place) }
                return Kept(
                    mode: Cutover.Mode(rawValue: row["mode"]) ?? .off, at: Timestamp(milliseconds: row["at"]), pushKey: row["push_key"],
                    payload: payload)
            }
        }
    }

    /// Makes events wait for their push, in one transaction. They go in order of arrival, folded anew; what was sent before the cutover
    /// kept it goes as it did then, all of it.
    /// - Returns: how many.
    public func release(_ sequences: [Int64], now: Timestamp) throws(StoreError) -> Int {
        try store.writeInTurn { db in
            var tally = Tally()
            var released = 0
            for sequence in sequences.sorted() {
                let members = try Int64.fetchAll(db.cachedStatement(sql: MirrorSQL.members), arguments: [sequence])
                for member in members where try Self.release(member, now: now, &tally, db) { released += 1 }
            }
            try tally.write(db, at: now)
            return released
        }
    }

    private static func release(_ sequence: Int64, now: Timestamp, _ tally: inout Tally, _ db: Database) throws -> Bool {
        try db.cachedStatement(sql: MirrorSQL.forget).execute(arguments: [sequence])
        guard db.changesCount == 1 else { return false }
        try db.cachedStatement(sql: MirrorSQL.release).execute(arguments: [sequence, now.milliseconds])
        guard db.changesCount == 1 else { return false }
        try Lane.rejoin(sequence, due: now, db)
        let row = try Row.fetchOne(db.cachedStatement(sql: JobSQL.requeue), arguments: [sequence])
        if let row { tally.move(tenant: row["tenant"], source: row["source"], from: .received, to: .queued) }
        return true
    }
}
