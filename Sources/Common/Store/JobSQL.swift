/// How work is taken, settled and looked at. Times are ms since 1970, UTC. Open work is what has no `finished_at`.
enum JobSQL {
    /// ?1 now. Tenants that have something to do.
    static let dueTenants = """
        WITH RECURSIVE tenant (name) AS (
            SELECT min(tenant) FROM job_execution WHERE finished_at IS NULL
            UNION ALL
            SELECT (SELECT min(tenant) FROM job_execution WHERE finished_at IS NULL AND tenant > name) FROM tenant WHERE name IS NOT NULL)
        SELECT name FROM tenant WHERE name IS NOT NULL
            AND EXISTS (SELECT 1 FROM job_execution WHERE finished_at IS NULL AND tenant = name AND due_at <= ?1)
        """

    private static let pendingColumns = """
        SELECT j.event_seq, j.event_id, j.task_name, j.tenant, j.lane, j.attempts, j.due_at, j.push_key,
            e.source, e.event_type, length(e.raw_body) AS bytes
        FROM job_execution j JOIN webhook_event e ON e.seq = j.event_seq
        """

    /// ?1 tenant, ?2 now, ?3 most rows. What may be taken, longest due first.
    static let due = """
        \(pendingColumns)
        WHERE j.tenant = ?1 AND j.finished_at IS NULL AND j.due_at <= ?2
        ORDER BY j.due_at, j.event_seq LIMIT ?3
        """

    /// ?1 tenant, ?2 lane, ?3 most rows. One person's open work in order of arrival.
    static let lane = """
        \(pendingColumns)
        WHERE j.tenant = ?1 AND j.lane = ?2 AND j.finished_at IS NULL
        ORDER BY j.event_seq LIMIT ?3
        """

    /// ?1 tenant, ?2 lane, ?3 until, ?4 now. What stands behind a push that is under way or waits for its next
    /// try waits with it.
    static let holdLane = """
        UPDATE job_execution SET due_at = ?3
        WHERE tenant = ?1 AND lane = ?2 AND finished_at IS NULL AND due_at <= ?4 AND due_at < ?3
        """

    /// ?1 tenant, ?2 lane, ?3 now. The push before is settled: what stood behind it may go.
    static let releaseLane = """
        UPDATE job_execution SET due_at = ?3
        WHERE tenant = ?1 AND lane = ?2 AND finished_at IS NULL AND status = 'waiting' AND attempts = 0 AND due_at > ?3
        """

    /// ?1 event_seq, ?2 lease, ?3 the lease's end, ?4 push_key, ?5 now.
    static let lease = """
        UPDATE job_execution SET status = 'leased', lease = ?2, due_at = ?3, push_key = ?4, started_at = coalesce(started_at, ?5)
        WHERE event_seq = ?1 AND finished_at IS NULL
        """

    /// ?1 seq. What a push is made of.
    static let content = """
        SELECT id, tenant, source, event_type, received_at, occurred_at, traceparent, headers, raw_body FROM webhook_event WHERE seq = ?1
        """

    /// ?1 event_seq, ?2 lease, ?3 'done' or 'dead', ?4 now, ?5 http_status, ?6 cause, ?7 error, ?8 tries to add.
    /// Changes nothing where the lease ran out and somebody else has the row.
    static let finish = """
        UPDATE job_execution SET status = ?3, lease = NULL, finished_at = ?4, http_status = ?5, cause = ?6, error = ?7,
            attempts = attempts + ?8
        WHERE event_seq = ?1 AND lease = ?2
        """

    /// ?1 event_seq, ?2 lease, ?3 due_at, ?4 http_status, ?5 cause, ?6 error, ?7 tries to add.
    static let retryLater = """
        UPDATE job_execution SET status = 'waiting', lease = NULL, due_at = ?3, http_status = ?4, cause = ?5, error = ?6,
            attempts = attempts + ?7
        WHERE event_seq = ?1 AND lease = ?2
        """

    /// ?1 seq, ?2 status, ?3 error, ?4 settled_at or NULL. Tries are the job's. Gives tenant and source for the tally.
    static let mark = """
        UPDATE webhook_event SET status = ?2, error = ?3, settled_at = ?4,
            attempts = (SELECT attempts FROM job_execution WHERE event_seq = seq)
        WHERE seq = ?1
        RETURNING tenant, source
        """

    /// ?1 event_seq, ?2 due_at. Makes one dead letter wait again with all its tries before it. It keeps its key: WordPress may have
    /// taken it, and only the answer was lost.
    static let revive = """
        UPDATE job_execution SET status = 'waiting', finished_at = NULL, attempts = 0, due_at = ?2, http_status = NULL, cause = NULL,
            error = NULL
        WHERE event_seq = ?1 AND status = 'dead'
        """

    static let all = [
        dueTenants, due, lane, holdLane, releaseLane, lease, content, finish, retryLater, mark, revive,
    ]
}
