/// Lanes: whose turn it is. A lane's `due_at` is its first event's, so that what stands behind that is never looked at.
///
/// `OR FAIL` where a statement changes several rows: a constraint that does not hold ends the whole transaction anyway, and SQLite need not
/// copy each page for a statement that may have to be taken back by itself.
enum LaneSQL {
    /// ?1 most rows. Up to which event the next step lines up; NULL where all work stands in its lane.
    static let arrivals = """
        SELECT max(event_seq) FROM
            (SELECT event_seq FROM job_execution WHERE event_seq > (SELECT seq FROM lane_cursor) ORDER BY event_seq LIMIT ?1)
        """

    /// ?1 up to this event. In order of arrival, so that a new lane has its first event's time.
    static let openLanes = """
        INSERT OR FAIL INTO lane (tenant, name, due_at)
            SELECT tenant, coalesce(lane, event_id), due_at FROM job_execution
            WHERE event_seq > (SELECT seq FROM lane_cursor) AND event_seq <= ?1 AND finished_at IS NULL ORDER BY event_seq
            ON CONFLICT (tenant, name) DO NOTHING
        """

    /// ?1 up to this event.
    static let lineUp = """
        INSERT OR FAIL INTO lane_job (lane_id, event_seq, tried)
            SELECT l.id, j.event_seq, j.push_key IS NOT NULL FROM job_execution j JOIN lane l ON l.tenant = j.tenant AND l.name = coalesce(j.lane, j.event_id)
            WHERE j.event_seq > (SELECT seq FROM lane_cursor) AND j.event_seq <= ?1 AND j.finished_at IS NULL
            ORDER BY l.id, j.event_seq
        """

    /// ?1 up to this event.
    static let moveCursor = "UPDATE lane_cursor SET seq = ?1 WHERE id = 1"

    /// ?1 now. Tenants that have a lane whose turn it is.
    static let dueTenants = """
        WITH RECURSIVE known (one) AS (
            SELECT min(tenant) FROM lane
            UNION ALL
            SELECT (SELECT min(tenant) FROM lane WHERE tenant > one) FROM known WHERE one IS NOT NULL)
        SELECT one FROM known WHERE one IS NOT NULL
            AND EXISTS (SELECT 1 FROM lane INDEXED BY lane_due WHERE tenant = one AND due_at <= ?1)
        """

    /// ?1 tenant, ?2 now, ?3 most rows. Longest due first.
    static let due = """
        SELECT id FROM lane INDEXED BY lane_due WHERE tenant = ?1 AND due_at <= ?2 AND lost < 2
        ORDER BY due_at, id LIMIT ?3
        """

    /// ?1 tenant, ?2 now. A lane whose push several workers have died on.
    static let suspect = """
        SELECT id FROM lane INDEXED BY lane_lost WHERE tenant = ?1 AND due_at <= ?2 AND lost >= 2 ORDER BY due_at LIMIT 1
        """

    /// ?1 lane, ?2 the lease's end, ?3 lease. A lease that is still there ended without a verdict.
    static let take = """
        UPDATE OR FAIL lane SET due_at = ?2, lost = lost + (lease IS NOT NULL), lease = ?3 WHERE id = ?1 RETURNING lost
        """

    /// ?1 lane, ?2 due_at.
    static let postpone = "UPDATE lane SET due_at = ?2 WHERE id = ?1"

    /// ?1 lane, ?2 the push's first event, ?3 its last. They go together until they are settled, whatever comes to stand between them.
    static let begin = "UPDATE OR FAIL lane_job SET begun = ?2 WHERE lane_id = ?1 AND event_seq BETWEEN ?2 AND ?3"

    /// ?1 lane, ?2 event_seq. Its key is written down by now. Event by event: the first of the push may be there no longer.
    static let end = "UPDATE lane_job SET begun = 0, tried = 1 WHERE lane_id = ?1 AND event_seq = ?2"

    /// ?1 lane, ?2 the first event of a push that was begun, or -1, ?3 a push_key. The last event of that push. Looks through the lane, not
    /// through its events: of those that were never tried no other row is read.
    static let lastMember = """
        SELECT max(l.event_seq) FROM lane_job l WHERE l.lane_id = ?1 AND (l.begun = ?2
            OR ?2 = -1 AND l.tried AND EXISTS (SELECT 1 FROM job_execution j WHERE j.event_seq = l.event_seq AND j.push_key = ?3))
        """

    /// ?1 lane. The claim that holds it.
    static let holder = "SELECT lease FROM lane WHERE id = ?1"

    /// ?1 lane, ?2 the first event of a push that was begun, ?3 its last. What came to stand between them stays.
    static let leaveTogether = "DELETE FROM lane_job WHERE lane_id = ?1 AND event_seq BETWEEN ?2 AND ?3 AND begun = ?2"

    /// ?1 lane, ?2 event_seq.
    static let leave = "DELETE FROM lane_job WHERE lane_id = ?1 AND event_seq = ?2"

    /// ?1 lane. When its first event may go; no row where nothing stands in it.
    static let head = """
        SELECT j.due_at FROM lane_job l JOIN job_execution j ON j.event_seq = l.event_seq WHERE l.lane_id = ?1
        ORDER BY l.event_seq LIMIT 1
        """

    /// ?1 lane, ?2 due_at. It is nobody's now.
    static let free = "UPDATE lane SET due_at = ?2, lease = NULL, lost = 0 WHERE id = ?1"

    /// ?1 lane.
    static let close = "DELETE FROM lane WHERE id = ?1"

    /// ?1 event_seq, ?2 due_at. The lane of work that waits again, opened where it is closed.
    static let reopen = """
        INSERT INTO lane (tenant, name, due_at)
            SELECT tenant, coalesce(lane, event_id), ?2 FROM job_execution WHERE event_seq = ?1
            ON CONFLICT (tenant, name) DO UPDATE SET tenant = excluded.tenant
        RETURNING id, lease
        """

    /// ?1 lane, ?2 event_seq. What comes to stand first has killed nobody yet.
    static let acquit = """
        UPDATE lane SET lost = 0 WHERE id = ?1 AND lost > 0 AND ?2 < (SELECT min(event_seq) FROM lane_job WHERE lane_id = ?1)
        """

    /// ?1 lane, ?2 event_seq.
    static let rejoin = "INSERT INTO lane_job (lane_id, event_seq) VALUES (?1, ?2) ON CONFLICT DO NOTHING"

    static let all = [
        postpone,
        arrivals, openLanes, lineUp, moveCursor, dueTenants, due, suspect, take, begin, end, lastMember, holder, leaveTogether, leave, head,
        free,
        close, reopen, acquit, rejoin,
    ]
}
