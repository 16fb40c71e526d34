import GRDB

enum DiscardSQL {
    /// ?1 event_seq, ?2 now. The cause of death stays beside it.
    static let job = "UPDATE job_execution SET status = 'discarded', finished_at = ?2 WHERE event_seq = ?1 AND status = 'dead'"

    /// ?1 seq, ?2 error, ?3 now. Gives tenant and source for the tally.
    static let event = """
        UPDATE webhook_event SET status = 'discarded', error = ?2, settled_at = ?3 WHERE seq = ?1
        RETURNING tenant, source
        """

    static let all = [job, event]
}

extension DeadLetters {
    /// Gives dead letters up: they are not pushed any more, unless somebody has them replayed. Their cause of death is kept. Those of one push
    /// are given up together: pushed without it, the others would have another content under the same key.
    /// - Parameters:
    ///   - sequences: row numbers, in any order. Those that are no dead letters any more are left alone.
    ///   - reason: in the operator's words; cut at 500 characters.
    /// - Returns: how many were given up.
    public func discard(_ sequences: [Int64], reason: String?, now: Timestamp) throws(StoreError) -> Int {
        let text = "discarded" + (reason.map { ": \($0.prefix(500))" } ?? "")
        var discarded = 0
        for start in stride(from: 0, to: sequences.count, by: Self.mostAtOnce) {
            let some = sequences[start..<min(start + Self.mostAtOnce, sequences.count)]
            discarded += try store.writeInTurn { db in
                var tally = Tally()
                let count = try some.reduce(0) { count, sequence in
                    try Self.members(ofPushOf: sequence, db).reduce(count) {
                        try $0 + (Self.discard($1, text, now: now, &tally, db) ? 1 : 0)
                    }
                }
                try tally.write(db, at: now)
                return count
            }
        }
        return discarded
    }

    private static func discard(_ sequence: Int64, _ text: String, now: Timestamp, _ tally: inout Tally, _ db: Database) throws -> Bool {
        try db.cachedStatement(sql: DiscardSQL.job).execute(arguments: [sequence, now.milliseconds])
        guard db.changesCount == 1 else { return false }
        let row = try Row.fetchOne(db.cachedStatement(sql: DiscardSQL.event), arguments: [sequence, text, now.milliseconds])
        if let row { tally.move(tenant: row["tenant"], source: row["source"], from: .failed, to: .discarded) }
        return true
    }
}
