import GRDB

/// When a collector of traces has failed last, so that no run waits for one that is known to be away.
enum CollectorSQL {
    private static let name = "collector_failed_at"

    static let read = "SELECT value FROM metric WHERE name = '\(name)'"

    static let forget = "DELETE FROM metric WHERE name = '\(name)'"

    /// ?1 now.
    static let note = """
        INSERT INTO metric (name, label1, label2, label3, value) VALUES ('\(name)', '', '', '', ?1)
        ON CONFLICT (name, label1, label2, label3) DO UPDATE SET value = excluded.value
        """

    static let all = [read, forget, note]
}

extension Store {
    public func collectorFailedAt() throws(StoreError) -> Timestamp? {
        try read { try Int64.fetchOne($0, sql: CollectorSQL.read) }.map(Timestamp.init(milliseconds:))
    }

    /// - Parameter moment: nil: it answers.
    public func noteCollector(failedAt moment: Timestamp?) throws(StoreError) {
        guard try collectorFailedAt() != moment else { return }
        try writeSoon { db in
            if let moment {
                try db.cachedStatement(sql: CollectorSQL.note).execute(arguments: [moment.milliseconds])
            } else {
                try db.execute(sql: CollectorSQL.forget)
            }
        }
    }
}
