import GRDB

enum ClockSQL {
    /// ?1 now, ?2 how long a lease is in ms, ?3 most rows. Lanes whose time was written under a clock that was ahead of this one, with the
    /// time that they should have: a lease begins again, what came in is due, a next try waits as long as it was meant to (and as its last try took), a day
    /// at most: the settings allow no more. A lane that has that time already is not found again.
    static let lanes = """
        SELECT id, due_at FROM (
            SELECT l.id, l.due_at AS was, CASE WHEN l.lease IS NOT NULL THEN ?1 + ?2 WHEN j.started_at IS NULL THEN ?1
                ELSE ?1 + max(0, min(j.due_at - j.started_at, 86400000)) END AS due_at
            FROM lane l INDEXED BY lane_due CROSS JOIN job_execution j
                ON j.event_seq = (SELECT min(event_seq) FROM lane_job WHERE lane_id = l.id)
            WHERE l.due_at > ?1 + 1000 AND l.due_at < \(Pauses.parked))
        WHERE was > due_at + 1000 LIMIT ?3
        """

    /// ?1 lane, ?2 due_at.
    static let setLane = "UPDATE lane SET due_at = ?2 WHERE id = ?1"

    /// ?1 now. Whether a circuit was opened later than now.
    static let openedLater = "SELECT count(*) FROM circuit WHERE opened_at > ?1 + 1000"

    /// ?1 now. It may have been open for long: it waits no longer than it was opened for the last time, an hour where it was only asked
    /// to be patient.
    static let circuits = """
        UPDATE circuit SET retry_at = ?1 + min(max(0, retry_at - opened_at), coalesce(open_for, 3600000)), opened_at = ?1
        WHERE opened_at > ?1 + 1000
        """

    static let all = [lanes, setLane, openedLater, circuits]
}

extension JobQueue {
    private static let mostTurnedBack = 5000

    /// Where the machine's clock has gone back, what waits would wait longer by as much. Gives it the times that it should have.
    /// - Returns: how many lanes and circuits waited too long.
    public func mindTheClock(lease: Duration, now: Timestamp) throws(StoreError) -> Int {
        let arguments: StatementArguments = [now.milliseconds, lease.milliseconds, Self.mostTurnedBack]
        let isBehind = try store.read { db in
            try Row.fetchOne(db.cachedStatement(sql: ClockSQL.lanes), arguments: arguments) != nil
                || Int.fetchOne(db.cachedStatement(sql: ClockSQL.openedLater), arguments: [now.milliseconds]) ?? 0 > 0
        }
        guard isBehind else { return 0 }
        return try store.write { db in
            let lanes = try Row.fetchAll(db.cachedStatement(sql: ClockSQL.lanes), arguments: arguments)
            for lane in lanes {
                let (id, due): (Int64, Int64) = (lane["id"], lane["due_at"])
                try db.cachedStatement(sql: ClockSQL.setLane).execute(arguments: [id, due])
            }
            try db.cachedStatement(sql: ClockSQL.circuits).execute(arguments: [now.milliseconds])
            return lanes.count + db.changesCount
        }
    }
}
