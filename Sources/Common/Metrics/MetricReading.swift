import Foundation
import GRDB

/// Everything that the metrics are made of, as store and disk have it at one moment. Small tables and the ends of indexes, however many events
/// there are.
public struct MetricReading: Sendable {
    struct Row: Sendable {
        let name: String
        let labels: [String]
        let value: Int64
    }

    var rows: [Row] = []
    var counts = EventCounts(lines: [], oldestQueued: nil)
    var rejected = RejectionCounts()
    var errands = ErrandQueries.Counts(waiting: 0, failing: 0, failed: 0, error: nil)
    var circuits: [(endpoint: CircuitBoard.Endpoint, state: Circuit.State)] = []
    var pauses: [[String]] = []
    var alerts: [(kind: String, count: Int)] = []
    var secrets: [SecretReport] = []
    var databaseBytes = 0
    var logBytes = 0
    var freeBytes: Int?

    init() {}

    /// - Parameter settings: with learned secrets. Without any, metrics of what only they know are left out.
    public init(_ store: Store, _ settings: Settings?, now: Timestamp) throws(StoreError) {
        counts = try EventQueries(store: store).counts()
        rejected = try RejectionQueries(store: store).counts()
        errands = try ErrandQueries(store: store).counts()
        circuits = try CircuitBoard(store: store).all().map { ($0.endpoint, $0.circuit.state) }
        try readTables(store)
        if let settings {
            secrets = SecretReport.all(settings, try store.secretUses(), now: now)
            addQuietEndpoints(settings)
        }
        databaseBytes = store.databaseBytes
        logBytes = store.writeAheadLogBytes
        freeBytes = store.freeBytes
    }

    private mutating func readTables(_ store: Store) throws(StoreError) {
        (rows, pauses, alerts) = try store.read { db in
            (
                try GRDB.Row.fetchAll(db.cachedStatement(sql: MetricSQL.list)).map {
                    Row(name: $0[0], labels: [$0[1], $0[2], $0[3]], value: $0[4])
                },
                try GRDB.Row.fetchAll(db.cachedStatement(sql: MetricSQL.pauses)).map { [$0[0], $0[1], $0[2]] },
                try GRDB.Row.fetchAll(db.cachedStatement(sql: MetricSQL.alerts)).map { ($0[0], $0[1]) }
            )
        }
    }

    /// The store knows of those that have failed last.
    private mutating func addQuietEndpoints(_ settings: Settings) {
        for (tenant, own) in settings.tenants.sorted(by: { $0.key < $1.key }) {
            guard let wordpress = own.usableWordPress else { continue }
            let endpoint = CircuitBoard.Endpoint(tenant: tenant.description, baseURL: wordpress.baseURL)
            if !circuits.contains(where: { $0.endpoint == endpoint }) { circuits.append((endpoint, .closed)) }
        }
    }
}
