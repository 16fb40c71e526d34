import GRDB

/// What people ask of the rejected requests.
enum RejectionListSQL {
    private static let columns = """
        r.event_seq, e.id, r.source, r.named_tenant, e.received_at, r.reason, r.explanation, r.address, e.request_id, r.bytes, r.missed,
        r.outcome, r.settled_at, r.event_ids
        """

    /// ?1 source, ?2 tenant, ?3 reason, ?4 lowest seq, ?5 since, ?6 until, ?7 1: those alone that are rejected still; NULL: any.
    private static let matching = """
        FROM rejection r JOIN webhook_event e ON e.seq = r.event_seq
        WHERE (?1 IS NULL OR r.source = ?1) AND (?2 IS NULL OR r.named_tenant = ?2) AND (?3 IS NULL OR r.reason = ?3)
            AND r.event_seq >= ?4 AND (?5 IS NULL OR e.received_at >= ?5) AND (?6 IS NULL OR e.received_at < ?6)
            AND (?7 IS NULL OR r.outcome IS NULL)
        """

    /// And ?8 most rows. Newest first.
    static let newest = "SELECT \(columns) \(matching) ORDER BY r.event_seq DESC LIMIT ?8"

    /// And ?8 most rows, ?9 event_seq of the one before. Newest first.
    static let older = "SELECT \(columns) \(matching) AND r.event_seq < ?9 ORDER BY r.event_seq DESC LIMIT ?8"

    /// The same of the one behind. Oldest first.
    static let newer = "SELECT \(columns) \(matching) AND r.event_seq > ?9 ORDER BY r.event_seq LIMIT ?8"

    /// The last of those that match.
    static let last = "SELECT max(r.event_seq) \(matching)"

    /// And ?8 behind this event_seq, ?9 up to this one.
    static let countBetween = "SELECT count(*) \(matching) AND r.event_seq > ?8 AND r.event_seq <= ?9"

    /// How many match and how many more of theirs were missed.
    static let sums = "SELECT count(*) AS \"rows\", coalesce(sum(r.missed), 0) AS missed \(matching)"

    /// Row numbers in order of arrival.
    static let sequences = "SELECT r.event_seq \(matching) ORDER BY r.event_seq"

    /// ?1 event_seq. Everything of one.
    static let bySequence = """
        SELECT \(columns), r.method, r.url, r.head, e.tenant, e.headers, e.raw_body FROM rejection r JOIN webhook_event e ON e.seq = r.event_seq
        WHERE r.event_seq = ?1
        """

    static let all = [newest, older, newer, last, countBetween, sums, sequences, bySequence]
}

/// Which rejected requests. What is nil does not matter.
public struct RejectionFilter: Sendable, Equatable {
    public var source: SourceName?
    /// Whom the address named.
    public var tenant: TenantName?
    public var reason: String?
    public var since: Timestamp?
    /// Exclusive.
    public var until: Timestamp?
    public var onlyOpen = false

    public init() {}

    fileprivate var arguments: StatementArguments {
        let floor = since.map { max(0, min($0.milliseconds, 1 << 47)) << 15 } ?? 0
        return [
            source?.description, tenant?.description, reason, floor, since?.milliseconds, until?.milliseconds, onlyOpen ? 1 : nil,
        ]
    }
}

public struct RejectionQueries: Sendable {
    let store: Store

    public init(store: Store) { self.store = store }

    /// Newest first.
    public func list(_ filter: RejectionFilter, limit: Int) throws(StoreError) -> [Rejection] {
        try store.read { db in
            try Row.fetchAll(db.cachedStatement(sql: RejectionListSQL.newest), arguments: filter.arguments + [limit]).map(Rejection.init)
        }
    }

    /// Newest first.
    public func list(_ filter: RejectionFilter, before sequence: Int64, limit: Int) throws(StoreError) -> [Rejection] {
        try list(RejectionListSQL.older, filter, sequence, limit)
    }

    /// Oldest first.
    public func list(_ filter: RejectionFilter, after sequence: Int64, limit: Int) throws(StoreError) -> [Rejection] {
        try list(RejectionListSQL.newer, filter, sequence, limit)
    }

    private func list(_ sql: String, _ filter: RejectionFilter, _ sequence: Int64, _ limit: Int) throws(StoreError) -> [Rejection] {
        try store.read { db in
            try Row.fetchAll(db.cachedStatement(sql: sql), arguments: filter.arguments + [limit, sequence]).map(Rejection.init)
        }
    }

    /// The last to come of those that match; nil: there is none.
    public func lastSequence(_ filter: RejectionFilter) throws(StoreError) -> Int64? {
        try store.read { try Int64.fetchOne($0.cachedStatement(sql: RejectionListSQL.last), arguments: filter.arguments) }
    }

    public func count(_ filter: RejectionFilter, after: Int64, through: Int64) throws(StoreError) -> Int {
        try store.read {
            try Int.fetchOne($0.cachedStatement(sql: RejectionListSQL.countBetween), arguments: filter.arguments + [after, through]) ?? 0
        }
    }

    /// How many there are, and how many more came that were not kept.
    public func count(_ filter: RejectionFilter) throws(StoreError) -> (kept: Int, missed: Int) {
        try store.read { db in
            let row = try Row.fetchOne(db.cachedStatement(sql: RejectionListSQL.sums), arguments: filter.arguments)
            return (row?["rows"] ?? 0, row?["missed"] ?? 0)
        }
    }

    /// In order of arrival.
    public func sequences(_ filter: RejectionFilter) throws(StoreError) -> [Int64] {
        try store.read { try Int64.fetchAll($0.cachedStatement(sql: RejectionListSQL.sequences), arguments: filter.arguments) }
    }

    /// Nil where there is none of that number, or none any more.
    public func find(_ sequence: Int64) throws(StoreError) -> StoredRejection? {
        try store.read { db in
            try Row.fetchOne(db.cachedStatement(sql: RejectionListSQL.bySequence), arguments: [sequence])
                .map { try StoredRejection(row: $0, store.vault) }
        }
    }

    public func find(_ id: EventID) throws(StoreError) -> StoredRejection? {
        try find(id.sequence).flatMap { $0.rejection.id == id.description ? $0 : nil }
    }
}

extension Rejection {
    init(row: Row) {
        let tenant: String? = row["named_tenant"]
        let ids: String = row["event_ids"] ?? ""
        self.init(
            sequence: row["event_seq"], id: row["id"], source: row["source"], tenant: tenant.flatMap { TenantName($0) },
            receivedAt: Timestamp(milliseconds: row["received_at"]), reason: row["reason"], explanation: row["explanation"],
            address: row["address"], requestID: row["request_id"], bytes: row["bytes"], missed: row["missed"],
            outcome: (row["outcome"] as String?).flatMap(Outcome.init), settledAt: row.moment("settled_at"),
            eventIDs: ids.split(separator: ",").map(String.init))
    }
}

extension StoredRejection {
    init(row: Row, _ vault: Vault) throws {
        func bytes(_ column: String) throws -> Bytes { try row.withUnsafeData(named: column) { Bytes($0 ?? .init()) } }
        let rejection = Rejection(row: row)
        let (_, body) = try vault.opened(
            headers: bytes("headers"), body: bytes("raw_body"), sequence: rejection.sequence, source: rejection.source,
            tenant: row["tenant"])
        let head = try vault.openedHead(url: row["url"], bytes("head"), sequence: rejection.sequence)
        self.init(rejection: rejection, method: row["method"], url: head.url, headers: HeaderFields(lines: head.bytes), body: body)
    }
}
