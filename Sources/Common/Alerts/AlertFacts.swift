import GRDB

enum AlertFactsSQL {
    /// Dead letters by tenant and cause. Reads the index of them alone.
    static let deadLetters = """
        SELECT j.tenant, coalesce(j.cause, 'unknown') AS cause, count(*) AS events, min(j.finished_at) AS first, max(j.finished_at) AS last,
            (SELECT o.event_id FROM job_execution o INDEXED BY job_dead_cause
                WHERE o.status = 'dead' AND o.tenant = j.tenant AND o.cause IS j.cause ORDER BY o.finished_at DESC LIMIT 1) AS example
        FROM job_execution j INDEXED BY job_dead_cause WHERE j.status = 'dead' GROUP BY j.tenant, j.cause
        """

    /// Each tenant's oldest event that waits, and how many do: what stands in lanes, and what ingest has written since.
    static let queues = """
        SELECT q.tenant, q.events, e.received_at, e.id FROM (
            SELECT tenant, min(head) AS head, sum(events) AS events FROM (
                SELECT l.tenant AS tenant, min(s.event_seq) AS head, count(*) AS events
                FROM lane l JOIN lane_job s ON s.lane_id = l.id GROUP BY l.tenant
                UNION ALL
                SELECT tenant, min(event_seq), count(*) FROM job_execution
                WHERE event_seq > (SELECT seq FROM lane_cursor) AND finished_at IS NULL GROUP BY tenant)
            GROUP BY tenant) q
        JOIN webhook_event e ON e.seq = q.head
        """

    /// When each source sent last for each tenant, or, where it never did, since when it may. A row a secret.
    static let lastHeard = """
        SELECT source, tenant, coalesce(max(last_verified_at), min(known_since)) AS at FROM secret_use GROUP BY source, tenant
        """

    static let all = [deadLetters, queues, lastHeard]
}

/// What alerts are made of, as the store and its disk have it at one moment.
public struct AlertFacts: Sendable {
    public struct Dead: Sendable, Equatable {
        var tenant, cause: String
        var events: Int
        var first, last: Timestamp
        var example: String?
    }

    public struct Queue: Sendable, Equatable {
        var tenant: String
        var events: Int
        var oldest: Timestamp
        var example: String
    }

    /// A WordPress that nothing is pushed to until it answers again.
    public struct Circuit: Sendable, Equatable {
        var tenant, cause: String
        var since: Timestamp

        public init(tenant: String, cause: String, since: Timestamp) {
            self.tenant = tenant
            self.cause = cause
            self.since = since
        }
    }

    struct Heard: Sendable, Hashable, Comparable {
        let source: String
        let tenant: String

        static func < (left: Self, right: Self) -> Bool { (left.source, left.tenant) < (right.source, right.tenant) }
    }

    var dead: [Dead] = []
    var queues: [Queue] = []
    var lastHeard: [Heard: Timestamp] = [:]
    /// How the comparisons with providers' own lists went last.
    var reconciliations: [Reconciliation] = []
    var freeBytes: Int?
    var secrets: [SecretReport] = []
    /// Filled in by who keeps circuits.
    public var circuits: [Circuit] = []

    init() {}

    /// A few reads of small indexes and tables.
    /// - Parameter settings: with learned secrets.
    public init(reading store: Store, _ settings: Settings, now: Timestamp) throws(StoreError) {
        self = try store.read { db in
            var facts = AlertFacts()
            facts.dead = try Row.fetchAll(db.cachedStatement(sql: AlertFactsSQL.deadLetters)).map { row in
                Dead(
                    tenant: row["tenant"], cause: row["cause"], events: row["events"], first: Timestamp(milliseconds: row["first"]),
                    last: Timestamp(milliseconds: row["last"]), example: row["example"])
            }
            facts.queues = try Row.fetchAll(db.cachedStatement(sql: AlertFactsSQL.queues)).map { row in
                Queue(
                    tenant: row["tenant"], events: row["events"], oldest: Timestamp(milliseconds: row["received_at"]), example: row["id"])
            }
            for row in try Row.fetchAll(db.cachedStatement(sql: AlertFactsSQL.lastHeard)) {
                facts.lastHeard[Heard(source: row["source"], tenant: row["tenant"])] = row.moment("at")
            }
            facts.reconciliations = try Row.fetchAll(db.cachedStatement(sql: BackfillSQL.reconciliations)).map(Reconciliation.init(row:))
            return facts
        }
        freeBytes = store.freeBytes
        secrets = SecretReport.all(settings, try store.secretUses(), now: now)
    }
}
