import GRDB

/// How the comparison of one source and tenant with what its provider says it sent went last.
public struct Reconciliation: Sendable, Equatable {
    public let tenant: String
    public let source: String
    /// What happened before it has been compared.
    public let through: Timestamp
    public let ranAt: Timestamp
    public let listed: Int
    /// Events that the last run found missing, and fetched.
    public let missing: Int
    public let missingAt: Timestamp?
    public let error: String?
    public let failingSince: Timestamp?
}

extension Store {
    /// In order of tenant and source.
    public func reconciliations() throws(StoreError) -> [Reconciliation] {
        try read { db in
            try Row.fetchAll(db.cachedStatement(sql: BackfillSQL.reconciliations)).map(Reconciliation.init(row:))
        }
    }

    /// - Parameter error: in words, without secrets; nil where all was compared.
    public func noteReconciliation(
        tenant: TenantName, source: SourceName, through: Timestamp, listed: Int, missing: Int, error: String?, now: Timestamp
    ) throws(StoreError) {
        try write { db in
            try db.cachedStatement(sql: BackfillSQL.putReconciliation)
                .execute(arguments: [
                    tenant.description, source.description, through.milliseconds, now.milliseconds, listed, missing,
                    error.map { String($0.prefix(300)) },
                ])
        }
    }
}

extension Reconciliation {
    init(row: Row) {
        self.init(
            tenant: row["tenant"], source: row["source"], through: Timestamp(milliseconds: row["through_at"]),
            ranAt: Timestamp(milliseconds: row["ran_at"]), listed: row["listed"], missing: row["missing"],
            missingAt: row.moment("missing_at"), error: row["error"], failingSince: row.moment("failing_since"))
    }
}
