import GRDB

/// Errands as an operator sees them.
public struct ErrandQueries: Sendable {
    public struct Line: Sendable, Equatable {
        public let id: Int64
        public let kind: String
        /// Without its query: a confirmation's holds a token.
        public let place: String
        public let source: String
        public let tenant: String?
        public let status: String
        public let wantedAt: Timestamp
        public let dueAt: Timestamp
        public let attempts: Int
        public let fetchedAt: Timestamp?
        public let expiresAt: Timestamp?
        public let httpStatus: Int?
        public let error: String?
    }

    public struct Counts: Sendable, Equatable {
        /// Not fetched yet.
        public let waiting: Int
        /// Of those, and of cached certificates to be renewed, the ones whose last try failed.
        public let failing: Int
        /// Given up.
        public let failed: Int
        /// Of the newest that failed.
        public let error: String?

        public init(waiting: Int, failing: Int, failed: Int, error: String?) {
            self.waiting = waiting
            self.failing = failing
            self.failed = failed
            self.error = error
        }

        public var isQuiet: Bool { waiting == 0 && failing == 0 && failed == 0 }
    }

    private let store: Store

    public init(store: Store) { self.store = store }

    /// Open ones first.
    public func list(limit: Int) throws(StoreError) -> [Line] {
        try store.read { db in
            try Row.fetchAll(db.cachedStatement(sql: ErrandSQL.list), arguments: [limit]).map(Line.init(row:))
        }
    }

    public func counts() throws(StoreError) -> Counts {
        try store.read { db in
            let row = try Row.fetchOne(db.cachedStatement(sql: ErrandSQL.counts))
            return Counts(
                waiting: row?["waiting"] ?? 0, failing: row?["failing"] ?? 0, failed: row?["failed"] ?? 0, error: row?["error"])
        }
    }
}

extension ErrandQueries.Line {
    fileprivate init(row: Row) {
        func moment(_ name: String) -> Timestamp? { (row[name] as Int64?).map(Timestamp.init(milliseconds:)) }
        let url: String = row["url"]
        self.init(
            id: row["id"], kind: row["kind"], place: String(url.prefix { $0 != "?" }), source: row["source"], tenant: row["tenant"],
            status: row["status"], wantedAt: Timestamp(milliseconds: row["wanted_at"]), dueAt: Timestamp(milliseconds: row["due_at"]),
            attempts: row["attempts"], fetchedAt: moment("fetched_at"), expiresAt: moment("expires_at"), httpStatus: row["http_status"],
            error: row["error"])
    }
}
