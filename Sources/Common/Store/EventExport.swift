import GRDB

enum EventExportSQL {
    /// ?1 after this row, ?2 before this one, ?3 most rows to look at. Oldest first. Rejected requests are none of them.
    static let page = """
        SELECT * FROM (SELECT * FROM webhook_event WHERE seq > ?1 AND seq < ?2 ORDER BY seq LIMIT ?3)
        WHERE (?4 IS NULL OR tenant = ?4) AND (?5 IS NULL OR source = ?5) AND (?6 IS NULL OR event_type GLOB ?6)
            AND (?7 IS NULL OR status = ?7) AND signature_valid = 1 ORDER BY seq
        """

    /// ?1 after this row, ?2 before this one, ?3 rows to pass over.
    static let last = "SELECT seq FROM webhook_event WHERE seq > ?1 AND seq < ?2 ORDER BY seq LIMIT 1 OFFSET ?3"

    static let all = [page, last]
}

/// Events as they go into a file, oldest first.
public struct EventExport: Sendable {
    public struct Record: Sendable {
        public let summary: EventSummary
        public let createdBy: String
        /// A JSON object's text.
        public let headers: Bytes
        public let rawBody: Bytes
    }

    /// Rows that one read looks at: a long reader keeps the write-ahead log from being taken in.
    private static let step = 100

    private let store: Store
    private let filter: EventFilter
    private let end: Int64
    private var last: Int64

    /// - Parameter until: what came after it is not waited for.
    public init(store: Store, _ filter: EventFilter, until: Timestamp) {
        (self.store, self.filter) = (store, filter)
        last = filter.since.map { EventQueries.firstSequence(at: $0) - 1 } ?? -1
        end = EventQueries.firstSequence(at: filter.until ?? until)
    }

    /// Some more; nil behind the last. May be empty where none of those looked at is wanted.
    public mutating func next() throws(StoreError) -> [Record]? {
        let (from, to, filter) = (last, end, filter)
        let (records, reached) = try store.read { db -> ([Record], Int64?) in
            let rows = try Row.fetchAll(
                db.cachedStatement(sql: EventExportSQL.page),
                arguments: [
                    from, to, Self.step, filter.tenant?.description, filter.source?.description, filter.type?.glob, filter.status?.rawValue,
                ])
            let reached = try Int64.fetchOne(db.cachedStatement(sql: EventExportSQL.last), arguments: [from, to, Self.step - 1])
            return (try rows.map { try Record(row: $0, store.vault) }, reached)
        }
        if from == .max { return nil }
        last = reached ?? .max
        return records
    }
}

extension EventExport.Record {
    fileprivate init(row: Row, _ vault: Vault) throws {
        func bytes(_ column: String) throws -> Bytes { try row.withUnsafeData(named: column) { Bytes($0 ?? .init()) } }
        let (headers, body) = try vault.opened(
            headers: bytes("headers"), body: bytes("raw_body"), sequence: row["seq"], source: row["source"], tenant: row["tenant"])
        self.init(summary: EventSummary(row: row), createdBy: row["created_by"], headers: headers, rawBody: body)
    }
}
