import GRDB

enum ReplaySearchSQL {
    /// ?1 after this row, ?2 before this one, ?3 most rows to look at. Oldest first.
    static let page = """
        SELECT e.*, j.status AS job_status, j.push_key, j.finished_at FROM (
            SELECT seq, tenant, source, event_type, status, length(raw_body) > 0 AS has_payload
            FROM webhook_event WHERE seq > ?1 AND seq < ?2 ORDER BY seq LIMIT ?3) e
        LEFT JOIN job_execution j ON j.event_seq = e.seq
        WHERE (?4 IS NULL OR e.tenant = ?4) AND (?5 IS NULL OR e.source = ?5) AND (?6 IS NULL OR e.event_type GLOB ?6)
            AND (?7 IS NULL OR e.status = ?7) ORDER BY e.seq
        """

    static let all = [page]
}

/// Many events that are to be pushed once more: which, when, and what would come of it. Nothing is changed here.
public struct ReplaySearch: Sendable {
    public struct Counts: Sendable, Equatable {
        public struct Target: Sendable, Hashable {
            public let tenant: String
            public let source: String
        }

        public var events: [Target: Int] = [:]
        /// What WordPress would be sent, folded as they were.
        public var pushes = 0
        /// They wait already.
        public var open = 0
        public var dead = 0
        /// Pushed nowhere.
        public var kept = 0
        /// Folded with others that are not near them any more: only as new ones.
        public var groupIsGone = 0
        /// Retention has taken their payload.
        public var emptied = 0
        /// Kept by the cutover.
        public var mirrored = 0
        /// Pushed so long ago that WordPress may not know their keys any more, and would do them again: only as new ones.
        public var keyForgotten = 0

        public init() {}

        public var total: Int { events.values.reduce(0, +) }
    }

    private static let step = 200

    private let store: Store
    private let filter: EventFilter
    private let asNew: Bool
    private let perMinute: Int?
    private let now: Timestamp
    private var last: Int64
    private let end: Int64
    private var seen: Set<Int64> = []
    public private(set) var counts = Counts()

    /// - Parameter perMinute: pushes, those folded together as one; nil: all at once.
    public init(store: Store, _ filter: EventFilter, asNew: Bool, perMinute: Int?, now: Timestamp) {
        (self.store, self.filter, self.asNew, self.perMinute, self.now) = (store, filter, asNew, perMinute, now)
        last = filter.since.map { EventQueries.firstSequence(at: $0) - 1 } ?? -1
        end = EventQueries.firstSequence(at: filter.until ?? now + .seconds(1))
    }

    /// Some more, each with its time; nil behind the last.
    public mutating func next() throws(StoreError) -> [Int64: Timestamp]? {
        guard last < end else { return nil }
        let (from, to, filter) = (last, end, filter)
        let (rows, reached) = try store.read { db in
            (
                try Row.fetchAll(
                    db.cachedStatement(sql: ReplaySearchSQL.page),
                    arguments: [
                        from, to, Self.step, filter.tenant?.description, filter.source?.description, filter.type?.glob,
                        filter.status?.rawValue,
                    ]),
                try Int64.fetchOne(db.cachedStatement(sql: EventExportSQL.last), arguments: [from, to, Self.step - 1])
            )
        }
        last = reached ?? end
        var due: [Int64: Timestamp] = [:]
        for row in rows { try plan(row, &due) }
        return due
    }

    private mutating func plan(_ row: Row, _ due: inout [Int64: Timestamp]) throws(StoreError) {
        let sequence: Int64 = row["seq"]
        guard !seen.contains(sequence) else { return }
        switch try Replays(store: store).plan(sequence, now: now) {
        case .notOver(nil): counts.kept += 1
        case .notOver("dead"): counts.dead += 1
        case .notOver: counts.open += 1
        case .payloadIsGone: counts.emptied += 1
        case .isMirrored: counts.mirrored += 1
        case .groupIsGone where !asNew: counts.groupIsGone += 1
        case .groupIsGone: add([sequence], row, &due)
        case .keyIsForgotten(let members) where !asNew:
            counts.keyForgotten += members.count
            seen.formUnion(members)
        case .keyIsForgotten: add([sequence], row, &due)
        case .go(let members): add(asNew ? [sequence] : members, row, &due)
        }
    }

    private mutating func add(_ members: [Int64], _ row: Row, _ due: inout [Int64: Timestamp]) {
        let minute = perMinute.map { Int64(counts.pushes / $0) } ?? 0
        counts.pushes += 1
        counts.events[.init(tenant: row["tenant"], source: row["source"]), default: 0] += members.count
        for member in members {
            seen.insert(member)
            due[member] = now + .seconds(60 * minute)
        }
    }
}
