import GRDB

enum ArrivalHistorySQL {
    /// ?1 after this row, ?2 most rows. What came by webhook, oldest first.
    static let page = """
        SELECT seq, source, tenant, received_at, created_by = 'ingest' AND signature_valid = 1 AS is_live
        FROM webhook_event WHERE seq > ?1 ORDER BY seq LIMIT ?2
        """

    static let all = [page]
}

extension EventQueries {
    /// Whose silences.
    public struct Sender: Sendable, Hashable, Comparable {
        public let source: String
        public let tenant: String

        public static func < (left: Self, right: Self) -> Bool { (left.source, left.tenant) < (right.source, right.tenant) }
    }

    private static let step = 20_000

    /// From the events since then, some at a time.
    public func silences(since: Timestamp) throws(StoreError) -> [Sender: QuietHistory] {
        var histories: [Sender: QuietHistory] = [:]
        var last = Self.firstSequence(at: since) - 1
        while true {
            let from = last
            let rows = try store.read { db in
                try Row.fetchAll(db.cachedStatement(sql: ArrivalHistorySQL.page), arguments: [from, Self.step]).map { row in
                    (
                        row["seq"] as Int64, Sender(source: row["source"], tenant: row["tenant"]), row["received_at"] as Int64,
                        row["is_live"] as Bool
                    )
                }
            }
            for (_, sender, at, isLive) in rows where isLive { histories[sender, default: .init()].add(Timestamp(milliseconds: at)) }
            guard rows.count == Self.step, let end = rows.last?.0 else { return histories }
            last = end
        }
    }
}
