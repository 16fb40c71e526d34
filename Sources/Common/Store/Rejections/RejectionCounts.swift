import GRDB

/// How many rejected requests are kept, so that they are not taken for discarded events.
public struct RejectionCounts: Sendable, Equatable {
    public struct Key: Sendable, Hashable {
        let tenant, source: String
    }

    /// Kept, whatever became of them.
    var kept: [Key: Int] = [:]
    /// Of those the ones that are rejected still.
    var open: [Key: Int] = [:]

    public init() {}

    public func kept(tenant: String, source: String) -> Int { kept[Key(tenant: tenant, source: source)] ?? 0 }
    public func open(tenant: String, source: String) -> Int { open[Key(tenant: tenant, source: source)] ?? 0 }
}

enum RejectionCountSQL {
    /// As many rows are looked at as are kept; `rejected.keep` bounds them.
    static let bySource = """
        SELECT e.tenant, e.source, count(*) AS kept, count(*) FILTER (WHERE r.outcome IS NULL) AS open
        FROM rejection r JOIN webhook_event e ON e.seq = r.event_seq GROUP BY e.tenant, e.source
        """

    static let all = [bySource]
}

extension RejectionQueries {
    public func counts() throws(StoreError) -> RejectionCounts {
        try store.read { db in
            var counts = RejectionCounts()
            for row in try Row.fetchAll(db.cachedStatement(sql: RejectionCountSQL.bySource)) {
                let key = RejectionCounts.Key(tenant: row["tenant"], source: row["source"])
                (counts.kept[key], counts.open[key]) = (row["kept"], row["open"])
            }
            return counts
        }
    }
}
