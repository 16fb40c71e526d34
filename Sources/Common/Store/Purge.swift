import GRDB

enum PurgeSQL {
    /// ?1 after this event, ?2 before this one, ?3 most rows. In order of arrival, whatever its status.
    static let look = """
        SELECT e.seq, e.tenant, e.source, e.status, length(e.raw_body) > 0 AS has_payload,
            j.finished_at IS NULL AND j.event_seq IS NOT NULL AS is_open
        FROM webhook_event e LEFT JOIN job_execution j ON j.event_seq = e.seq
        WHERE e.seq > ?1 AND e.seq < ?2 ORDER BY e.seq LIMIT ?3
        """

    /// ?1 event_seq. Before its job goes.
    static let forgetTries = """
        DELETE FROM attempt WHERE push_key = (SELECT push_key FROM job_execution WHERE event_seq = ?1)
        """

    /// ?1 seq, ?2 the status that was seen. Takes job and nonce with it.
    static let remove = "DELETE FROM webhook_event WHERE seq = ?1 AND status = ?2"

    /// ?1 seq, ?2 the status that was seen: a replay may have made it open since. The key and the nonce stay.
    static let empty = """
        UPDATE webhook_event SET raw_body = x'', headers = '{}', lane = NULL, source_ip = NULL, user_agent = NULL
        WHERE seq = ?1 AND status = ?2
        """

    /// ?1 event_seq. Whose it was, and what WordPress said of it.
    static let emptyJob = "UPDATE job_execution SET lane = NULL WHERE event_seq = ?1 AND finished_at IS NOT NULL"
    static let emptyAnswers = """
        UPDATE attempt SET answer = NULL
        WHERE push_key = (SELECT push_key FROM job_execution WHERE event_seq = ?1) AND answer IS NOT NULL
        """

    static let state = "SELECT seq, begun_at FROM purge WHERE id = 1"

    /// ?1 seq, ?2 begun_at.
    static let setState = """
        INSERT INTO purge (id, seq, begun_at) VALUES (1, ?1, ?2)
        ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, begun_at = excluded.begun_at
        """

    static let all = [look, forgetTries, remove, empty, emptyJob, emptyAnswers, state, setState]
}

/// Removes old events, a few in a transaction. Never one that is open.
public struct Purge: Sendable {
    /// Which events, and how old.
    public struct Rule: Sendable, Equatable {
        public var olderThan: Duration
        public var statuses: Set<EventStatus>
        /// Count before `olderThan`.
        public var byStatus: [EventStatus: Duration] = [:]
        /// By source's name; count before all others.
        public var bySource: [String: [EventStatus: Duration]] = [:]
        /// How long a key stays, at least 30 days; what is younger is emptied, not removed.
        public var keyAge = Purge.leastKeyAge

        public init(olderThan: Duration, statuses: Set<EventStatus>) {
            self.olderThan = olderThan
            self.statuses = statuses
        }

        /// Nil: for ever.
        public func age(of status: EventStatus, source: String) -> Duration? {
            guard status != .queued else { return nil }
            return bySource[source]?[status] ?? byStatus[status] ?? (statuses.contains(status) ? olderThan : nil)
        }

        var isEmpty: Bool { statuses.isEmpty && byStatus.isEmpty && bySource.values.allSatisfy(\.isEmpty) }

        /// Younger than this nothing goes.
        var shortest: Duration {
            let all = byStatus.values + bySource.values.flatMap(\.values) + (statuses.isEmpty ? [] : [olderThan])
            return all.min() ?? Purge.leastKeyAge
        }
    }

    public struct Count: Sendable, Equatable {
        public var removed = 0
        /// Payload and headers are gone, the key that makes a repeat a duplicate stays.
        public var emptied = 0

        public init() {}
    }

    /// A provider may send an event again as long as this; its key stays.
    public static let leastKeyAge: Duration = .seconds(30 * 86_400)
    /// Events in one transaction: others wait for the lock some milliseconds, and then have it as long.
    static let step = 200
    /// A pass over the store begins anew so long after the last.
    static let betweenPasses: Duration = .seconds(86_400)

    let store: Store

    public init(store: Store) { self.store = store }

    /// Goes through everything. A dry run only counts.
    public func all(_ rule: Rule, dryRun: Bool, now: Timestamp) throws(StoreError) -> Count {
        var count = Count()
        var last: Int64 = 0
        while let end = try step(rule, after: last, dryRun: dryRun, now: now, &count) { last = end }
        return count
    }

    /// Some steps of a pass that goes on with the next call, and begins anew a day after it began.
    /// - Parameter end: no step is begun after that.
    public func someSteps(_ most: Int, _ rule: Rule, end: ContinuousClock.Instant? = nil, now: Timestamp) throws(StoreError) -> Count {
        var count = Count()
        let state = try store.read { try Row.fetchOne($0.cachedStatement(sql: PurgeSQL.state)) }
        var (last, begun): (Int64, Timestamp) = (state?["seq"] ?? 0, state.flatMap { $0.moment("begun_at") } ?? now)
        // Begun later than now: by a clock that was put right since.
        if now >= begun + Self.betweenPasses || begun > now { (last, begun) = (0, now) }
        if last == 0 { try store.forgetOldActivity(now: now) }
        let first = last
        for _ in 0..<most where end.map({ .now < $0 }) ?? true {
            guard let next = try step(rule, after: last, dryRun: false, now: now, &count) else { break }
            last = next
        }
        guard last != first || state == nil else { return count }
        let (seq, at) = (last, begun.milliseconds)
        try store.write { try $0.cachedStatement(sql: PurgeSQL.setState).execute(arguments: [seq, at]) }
        return count
    }

    /// - Returns: the last event that was looked at; nil where there was none.
    private func step(
        _ rule: Rule, after last: Int64, dryRun: Bool, now: Timestamp, _ count: inout Count
    ) throws(StoreError) -> Int64? {
        func first(_ age: Duration) -> Int64 {
            EventQueries.firstSequence(at: Timestamp(milliseconds: now.milliseconds - age.milliseconds))
        }
        let (bound, oldKeys) = (first(rule.shortest), first(max(rule.keyAge, Self.leastKeyAge)))
        let rows = try store.read {
            try Row.fetchAll($0.cachedStatement(sql: PurgeSQL.look), arguments: [last, bound, Self.step])
        }
        let chosen = rows.filter { row in
            guard let status = EventStatus(rawValue: row["status"]), let age = rule.age(of: status, source: row["source"]) else {
                return false
            }
            return (row["seq"] as Int64) < first(age) && !(row["is_open"] as Bool)
        }
        let old = chosen.filter { ($0["seq"] as Int64) < oldKeys }
        let young = chosen.filter { ($0["seq"] as Int64) >= oldKeys && $0["has_payload"] as Bool }
        if !dryRun, !(old.isEmpty && young.isEmpty) { try remove(old, empty: young) }
        count.removed += old.count
        count.emptied += young.count
        return rows.last?["seq"]
    }

    private func remove(_ old: [Row], empty young: [Row]) throws(StoreError) {
        try store.writeInTurn { db in
            try Untallied.tallyRows(db)
            var tally = Tally()
            for row in old {
                let sequence: Int64 = row["seq"]
                try db.cachedStatement(sql: PurgeSQL.forgetTries).execute(arguments: [sequence])
                try db.cachedStatement(sql: PurgeSQL.remove).execute(arguments: [sequence, row["status"] as String])
                if db.changesCount == 1, let status = EventStatus(rawValue: row["status"]) {
                    tally.add(-1, tenant: row["tenant"], source: row["source"], status: status)
                }
            }
            for row in young {
                let sequence: Int64 = row["seq"]
                try db.cachedStatement(sql: PurgeSQL.empty).execute(arguments: [sequence, row["status"] as String])
                guard db.changesCount == 1 else { continue }
                for sql in [PurgeSQL.emptyJob, PurgeSQL.emptyAnswers, ErasureSQL.mirror, OriginalSQL.forget] {
                    try db.cachedStatement(sql: sql).execute(arguments: [sequence])
                }
            }
            try tally.write(db)
        }
    }
}
