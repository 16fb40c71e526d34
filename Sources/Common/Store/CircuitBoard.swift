import GRDB

enum CircuitSQL {
    static let list = "SELECT * FROM circuit ORDER BY tenant, base_url"

    /// ?1 tenant, ?2 base_url.
    static let one = "SELECT * FROM circuit WHERE tenant = ?1 AND base_url = ?2"

    /// ?1 tenant, ?2 base_url.
    static let forget = "DELETE FROM circuit WHERE tenant = ?1 AND base_url = ?2"

    /// ?1 tenant, ?2 base_url, ?3 state, ?4 pushes, ?5 requests, ?6 opened_at, ?7 retry_at, ?8 open_for, ?9 cause, ?10 error.
    static let put = """
        INSERT OR REPLACE INTO circuit (tenant, base_url, state, pushes, requests, opened_at, retry_at, open_for, cause, error)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        """

    /// ?1 tenant, ?2 base_url, ?3 now, ?4 until when the probe has time. One worker's alone: the row changes once.
    static let probe = """
        UPDATE circuit SET state = 'half-open', retry_at = ?4
        WHERE tenant = ?1 AND base_url = ?2 AND state <> 'closed' AND retry_at <= ?3
        """

    static let all = [list, one, forget, put, probe]
}

/// The circuits of all endpoints. In the store, since a worker's run is short and several may run at once.
public struct CircuitBoard: Sendable {
    /// A tenant's WordPress.
    public struct Endpoint: Sendable, Hashable {
        public let tenant: String
        public let baseURL: String

        public init(tenant: String, baseURL: String) {
            self.tenant = tenant
            self.baseURL = baseURL
        }

        fileprivate var arguments: StatementArguments { [tenant, baseURL] }
    }

    private let store: Store

    public init(store: Store) { self.store = store }

    /// Of every endpoint that has failed last, in order of tenant.
    public func all() throws(StoreError) -> [(endpoint: Endpoint, circuit: Circuit)] {
        try store.read { db in
            try Row.fetchAll(db.cachedStatement(sql: CircuitSQL.list)).map {
                (Endpoint(tenant: $0["tenant"], baseURL: $0["base_url"]), Circuit(row: $0))
            }
        }
    }

    /// - Returns: the circuit before and after.
    @discardableResult
    public func change(
        _ endpoint: Endpoint, _ change: (Circuit?) -> Circuit?
    ) throws(StoreError) -> (old: Circuit?, new: Circuit?) {
        try store.write { db in
            let old = try Row.fetchOne(db.cachedStatement(sql: CircuitSQL.one), arguments: endpoint.arguments).map(Circuit.init(row:))
            let new = change(old)
            if let new, new != old {
                try db.cachedStatement(sql: CircuitSQL.put).execute(arguments: endpoint.arguments + new.arguments)
            } else if new == nil, old != nil {
                try db.cachedStatement(sql: CircuitSQL.forget).execute(arguments: endpoint.arguments)
            }
            return (old, new)
        }
    }

    /// Whether the probe is ours to send. It is another's again at `until`, should we die with it.
    public func takeProbe(_ endpoint: Endpoint, until: Timestamp, now: Timestamp) throws(StoreError) -> Bool {
        try store.write { db in
            try db.cachedStatement(sql: CircuitSQL.probe)
                .execute(arguments: endpoint.arguments + [now.milliseconds, until.milliseconds])
            return db.changesCount == 1
        }
    }
}

extension Circuit {
    fileprivate init(row: Row) {
        self.init()
        state = State(rawValue: row["state"]) ?? .closed
        pushes = row["pushes"]
        requests = row["requests"]
        openedAt = row.moment("opened_at")
        retryAt = row.moment("retry_at")
        openFor = (row["open_for"] as Int64?).map { .milliseconds($0) }
        cause = row["cause"]
        error = row["error"]
    }

    fileprivate var arguments: StatementArguments {
        [
            state.rawValue, pushes, requests, openedAt?.milliseconds, retryAt?.milliseconds, openFor?.milliseconds, cause, error,
        ]
    }
}
