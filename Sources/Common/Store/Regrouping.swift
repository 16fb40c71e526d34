import GRDB

enum RegroupingSQL {
    /// ?1 lane, ?2 event_seq. The push that it was begun with.
    static let begun = """
        UPDATE lane_job SET begun = 0
        WHERE lane_id = ?1 AND begun <> 0 AND begun = (SELECT begun FROM lane_job WHERE lane_id = ?1 AND event_seq = ?2)
        """

    /// ?1 lane, ?2 push_key.
    static let open = """
        UPDATE job_execution SET push_key = NULL WHERE push_key = ?2 AND finished_at IS NULL
            AND event_seq IN (SELECT event_seq FROM lane_job WHERE lane_id = ?1)
        """

    /// ?1 push_key, ?2 tenant. Each for itself: a dead letter is found by its key.
    static let dead = """
        UPDATE job_execution SET push_key = event_id WHERE push_key = ?1 AND tenant = ?2 AND status = 'dead'
        """

    /// ?1 event_seq.
    static let push = """
        SELECT j.push_key, j.tenant, l.lane_id FROM job_execution j LEFT JOIN lane_job l ON l.event_seq = j.event_seq WHERE j.event_seq = ?1
        """

    static let all = [begun, open, dead, push]
}

/// One key, one content: before an event of a folded push goes away, the others lose the key that they were to go under together. They are
/// folded anew, under another.
enum Regrouping {
    /// - Returns: the lane that it stands in.
    static func leave(_ sequence: Int64, _ db: Database) throws -> Int64? {
        guard let row = try Row.fetchOne(db.cachedStatement(sql: RegroupingSQL.push), arguments: [sequence]) else { return nil }
        let (key, tenant, lane): (String?, String, Int64?) = (row["push_key"], row["tenant"], row["lane_id"])
        if let lane { try db.cachedStatement(sql: RegroupingSQL.begun).execute(arguments: [lane, sequence]) }
        if let key, key.hasPrefix("group-") {
            if let lane { try db.cachedStatement(sql: RegroupingSQL.open).execute(arguments: [lane, key]) }
            try db.cachedStatement(sql: RegroupingSQL.dead).execute(arguments: [key, tenant])
        }
        return lane
    }
}
