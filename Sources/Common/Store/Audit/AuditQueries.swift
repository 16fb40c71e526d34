import GRDB

/// Which entries. What is nil does not matter.
public struct AuditFilter: Sendable, Equatable {
    public var since: Timestamp?
    /// Exclusive.
    public var until: Timestamp?
    public var actor: String?
    /// `dlq` is `dlq.retry` and `dlq.discard` too.
    public var action: String?

    public init() {}

    fileprivate var arguments: StatementArguments { [since?.milliseconds, until?.milliseconds, actor, action] }
}

public struct AuditQueries: Sendable {
    /// An entry with its place in the table.
    public struct Line: Sendable, Equatable {
        public let id: Int64
        public let entry: AuditEntry
    }

    private let store: Store

    public init(store: Store) { self.store = store }

    /// Newest first.
    public func list(_ filter: AuditFilter = AuditFilter(), limit: Int) throws(StoreError) -> [Line] {
        try store.read { db in
            try Row.fetchAll(db.cachedStatement(sql: AuditSQL.newest), arguments: filter.arguments + [limit]).map(Line.init(row:))
        }
    }

    /// Oldest first, from behind an entry on: no reader of a long table holds the log back.
    public func page(_ filter: AuditFilter = AuditFilter(), after id: Int64, limit: Int) throws(StoreError) -> [Line] {
        try store.read { db in
            try Row.fetchAll(db.cachedStatement(sql: AuditSQL.after), arguments: filter.arguments + [id, limit]).map(Line.init(row:))
        }
    }
}

extension AuditQueries {
    /// Newest first, from before an entry on.
    public func page(_ filter: AuditFilter = AuditFilter(), before id: Int64, limit: Int) throws(StoreError) -> [Line] {
        try store.read { db in
            try Row.fetchAll(db.cachedStatement(sql: AuditSQL.before), arguments: filter.arguments + [id, limit]).map(Line.init(row:))
        }
    }
}

extension AuditQueries.Line {
    fileprivate init(row: Row) {
        self.init(
            id: row["id"],
            entry: AuditEntry(
                at: Timestamp(milliseconds: row["at"]), actor: row["actor"], origin: .init(rawValue: row["origin"]), action: row["action"],
                object: row["object"], count: row["count"], detail: row["detail"]))
    }
}
