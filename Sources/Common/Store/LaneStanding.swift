import GRDB

enum StandingSQL {
    /// ?1 event_seq. The first event of the lane that open work stands in, until when its push is under way, and whether it goes with it.
    static let standing = """
        SELECT e.id AS first, CASE WHEN l.lease IS NOT NULL THEN l.due_at END AS until,
            e.seq = j.event_seq OR f.push_key = j.push_key
                OR EXISTS (SELECT 1 FROM lane_job m WHERE m.lane_id = l.id AND m.event_seq = j.event_seq AND m.begun = e.seq) AS goes_first
        FROM job_execution j JOIN lane l ON l.tenant = j.tenant AND l.name = coalesce(j.lane, j.event_id)
            JOIN webhook_event e ON e.seq = (SELECT min(event_seq) FROM lane_job WHERE lane_id = l.id)
            JOIN job_execution f ON f.event_seq = e.seq
        WHERE j.event_seq = ?1 AND j.finished_at IS NULL AND e.seq <= j.event_seq
        """

    static let all = [standing]
}

/// Where an event that waits stands in its lane.
public enum LaneStanding: Sendable, Equatable {
    /// Its push is the next, or under way until then: after that somebody else may send it.
    case first(underWayUntil: Timestamp?)
    /// Waits for the lane's first event, named by its id.
    case behind(String)
}

extension EventQueries {
    /// Nil where nothing waits, or it is not lined up yet.
    public func standing(of sequence: Int64) throws(StoreError) -> LaneStanding? {
        try store.read { db in
            try Row.fetchOne(db.cachedStatement(sql: StandingSQL.standing), arguments: [sequence]).map { row in
                (row["goes_first"] as Bool?) == true ? .first(underWayUntil: row.moment("until")) : .behind(row["first"])
            }
        }
    }
}
