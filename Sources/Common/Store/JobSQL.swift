/// How work is taken, settled and looked at. Times are ms since 1970, UTC. Open work is what has no `finished_at`.
enum JobSQL {
    /// ?1 lane. One lane's open work in order of arrival, with what a push is made of; see `LaneColumn`. Columns are read as far as they
    /// are asked for, and the job's row only where it says more than the event's. What was begun and never settled has no key written
    /// down yet; `*` and a number stand for the one that its events make.
    static let lane = """
        SELECT l.event_seq, e.id, e.route, e.lane, coalesce(j.attempts, 0),
            coalesce(j.push_key, CASE WHEN l.begun THEN '*' || l.begun END), e.source, e.event_type,
            length(e.raw_body), e.received_at, e.traceparent, e.headers, e.raw_body, e.request_id, e.occurred_at
        FROM lane_job l JOIN webhook_event e ON e.seq = l.event_seq
            LEFT JOIN job_execution j ON l.tried AND j.event_seq = l.event_seq
        WHERE l.lane_id = ?1 ORDER BY l.event_seq
        """

    /// ?1 event_seq, ?2 'done' or 'dead', ?3 now, ?4 http_status, ?5 cause, ?6 error, ?7 tries to add,
    /// ?8 push_key, ?9 when it was claimed: `started_at` is the last try's. What is finished stays as it is.
    static let finish = """
        UPDATE job_execution SET status = ?2, finished_at = ?3, http_status = ?4, cause = ?5, error = ?6,
            attempts = attempts + ?7, push_key = ?8, started_at = ?9
        WHERE event_seq = ?1 AND finished_at IS NULL
        """

    /// ?1 event_seq, ?2 due_at, ?3 http_status, ?4 cause, ?5 error, ?6 tries to add, ?7 push_key, ?8 when it was claimed.
    static let retryLater = """
        UPDATE job_execution SET status = 'waiting', due_at = ?2, http_status = ?3, cause = ?4, error = ?5,
            attempts = attempts + ?6, push_key = ?7, started_at = ?8
        WHERE event_seq = ?1 AND finished_at IS NULL
        """

    /// ?1 seq, ?2 status, ?3 error, ?4 settled_at or NULL, ?5 tries to add. Of what waits.
    static let mark = """
        UPDATE webhook_event SET status = ?2, error = ?3, settled_at = ?4, attempts = attempts + ?5 WHERE seq = ?1 AND status = 'queued'
        """

    /// ?1 event_seq, ?2 due_at. Makes one dead letter wait again with all its tries before it. It keeps its key: WordPress may have
    /// taken it, and only the answer was lost.
    static let revive = """
        UPDATE job_execution SET status = 'waiting', finished_at = NULL, started_at = NULL, attempts = 0, due_at = ?2, http_status = NULL,
            cause = NULL, error = NULL
        WHERE event_seq = ?1 AND status = 'dead'
        """

    /// ?1 seq. A dead letter's event waits again. Gives tenant and source for the tally.
    static let requeue = """
        UPDATE webhook_event SET status = 'queued', error = NULL, settled_at = NULL, attempts = 0 WHERE seq = ?1
        RETURNING tenant, source
        """

    static let all = [lane, finish, retryLater, mark, revive, requeue]
}
