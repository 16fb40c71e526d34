import GRDB

enum PauseSQL {
    static let list = "SELECT tenant, source, route, paused_at FROM pause ORDER BY tenant, source, route"

    /// ?1 tenant, ?2 source, ?3 route, ?4 now. A pause that is there keeps its time.
    static let add = "INSERT INTO pause (tenant, source, route, paused_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING"

    /// ?1 tenant, ?2 source, ?3 route; NULL: whatever it names.
    static let remove = """
        DELETE FROM pause WHERE (?1 IS NULL OR tenant = ?1) AND (?2 IS NULL OR source = ?2) AND (?3 IS NULL OR route = ?3)
        """

    /// ?1 lane. Out of the way of what may go.
    static let park = "UPDATE lane SET due_at = \(Pauses.parked) WHERE id = ?1"

    /// ?1 most rows. Lanes that are parked; those still paused are parked again when they are looked at.
    static let unpark = """
        UPDATE lane SET due_at = coalesce(
            (SELECT j.due_at FROM lane_job l JOIN job_execution j ON j.event_seq = l.event_seq WHERE l.lane_id = lane.id
                ORDER BY l.event_seq LIMIT 1), 0)
        WHERE id IN (SELECT id FROM lane INDEXED BY lane_parked WHERE due_at = \(Pauses.parked) LIMIT ?1)
        """

    static let all = [list, add, remove, park, unpark]
}

/// What an operator has paused. It stays queued and burns no try; nothing overtakes it in its lane.
public struct Pauses: Sendable {
    /// The last millisecond of the year 9999. The partial index `lane_parked` has the same number.
    static let parked: Int64 = 253_402_300_799_999

    public struct Pause: Sendable, Equatable {
        /// Nil: every one.
        public let tenant: String?
        public let source: String?
        public let route: Route?
        public var since: Timestamp

        public init(tenant: String?, source: String?, route: Route?, since: Timestamp = Timestamp(milliseconds: 0)) {
            self.tenant = tenant
            self.source = source
            self.route = route
            self.since = since
        }

        public func holds(tenant: TenantName, source: SourceName, route: Route) -> Bool {
            holds(tenant: tenant) && (self.source == nil || self.source == source.description) && (self.route == nil || self.route == route)
        }

        func holds(tenant: TenantName) -> Bool { self.tenant == nil || self.tenant == tenant.description }

        func holds(_ job: PendingJob) -> Bool { (source == nil || source == job.source) && (route == nil || route == job.route) }

        /// With no source and no route nothing of a tenant goes.
        var holdsAll: Bool { source == nil && route == nil }
    }

    private let store: Store

    public init(store: Store) { self.store = store }

    public func all() throws(StoreError) -> [Pause] { try store.read(Self.all) }

    static func all(_ db: Database) throws -> [Pause] {
        try Row.fetchAll(db.cachedStatement(sql: PauseSQL.list)).map { row in
            func named(_ column: String) -> String? { (row[column] as String) == "*" ? nil : row[column] }
            return Pause(
                tenant: named("tenant"), source: named("source"), route: named("route").flatMap(Route.init(rawValue:)),
                since: Timestamp(milliseconds: row["paused_at"]))
        }
    }

    public func add(_ pause: Pause, now: Timestamp) throws(StoreError) {
        try store.write {
            try $0.cachedStatement(sql: PauseSQL.add).execute(arguments: [
                pause.tenant ?? "*", pause.source ?? "*", pause.route?.rawValue ?? "*", now.milliseconds,
            ])
        }
    }

    /// Takes away every pause that names what `pause` names, and lets their lanes go.
    /// - Returns: how many pauses.
    public func remove(_ pause: Pause) throws(StoreError) -> Int {
        let removed = try store.write { db in
            try db.cachedStatement(sql: PauseSQL.remove).execute(arguments: [pause.tenant, pause.source, pause.route?.rawValue])
            return db.changesCount
        }
        while try unpark() > 0 {}
        return removed
    }

    /// Lanes in one transaction: others wait for the lock some milliseconds.
    private func unpark() throws(StoreError) -> Int {
        try store.write { db in
            try db.cachedStatement(sql: PauseSQL.unpark).execute(arguments: [1000])
            return db.changesCount
        }
    }
}
