import GRDB

/// How far the backfill of one source and tenant has come, as the store keeps it.
public struct BackfillProgress: Sendable, Equatable {
    public let tenant: TenantName
    public let source: SourceName
    public let since: Timestamp
    /// Exclusive.
    public let until: Timestamp
    /// A JSON object's text: what else was asked for.
    public let options: String
    public var reached: Timestamp
    public let begunAt: Timestamp
    public var finishedAt: Timestamp?
    public var listed = 0
    public var taken = 0
    public var duplicates = 0

    public init(
        tenant: TenantName, source: SourceName, since: Timestamp, until: Timestamp, options: String = "{}", begunAt: Timestamp
    ) {
        self.tenant = tenant
        self.source = source
        self.since = since
        self.until = until
        self.options = options
        self.begunAt = begunAt
        reached = since
    }

    func write(_ db: Database) throws {
        try db.cachedStatement(sql: BackfillSQL.putRun)
            .execute(arguments: [
                tenant.description, source.description, since.milliseconds, until.milliseconds, options, reached.milliseconds,
                begunAt.milliseconds, finishedAt?.milliseconds, listed, taken, duplicates,
            ])
    }
}

extension Store {
    /// The last backfill of that source and tenant, finished or not.
    public func backfill(of source: SourceName, tenant: TenantName) throws(StoreError) -> BackfillProgress? {
        let row = try read { db in
            try Row.fetchOne(db.cachedStatement(sql: BackfillSQL.run), arguments: [tenant.description, source.description])
        }
        guard let row, let since = row.moment("since_at"), let until = row.moment("until_at"), let begun = row.moment("begun_at"),
            let reached = row.moment("reached_at")
        else { return nil }
        var progress = BackfillProgress(
            tenant: tenant, source: source, since: since, until: until, options: row["options"], begunAt: begun)
        progress.reached = reached
        progress.finishedAt = row.moment("finished_at")
        (progress.listed, progress.taken, progress.duplicates) = (row["listed"], row["taken"], row["duplicates"])
        return progress
    }

    public func write(_ progress: BackfillProgress) throws(StoreError) { try write { try progress.write($0) } }
}
