/// Dead letters: pushes that WordPress refused, or whose tries are used up. All but `causes` read the index of dead work in its order.
enum DeadLettersSQL {
    /// ?1 tenant, ?2 source, ?3 cause; NULL: any.
    private static let matching = """
        FROM job_execution j INDEXED BY job_dead JOIN webhook_event e ON e.seq = j.event_seq
        WHERE j.status = 'dead' AND (?1 IS NULL OR j.tenant = ?1) AND (?2 IS NULL OR e.source = ?2) AND (?3 IS NULL OR j.cause = ?3)
        """

    /// And ?4 most rows. Who died first comes first.
    static let list = """
        SELECT j.event_seq, e.id, j.tenant, e.source, e.event_type, e.received_at, j.finished_at, j.task_name, j.attempts,
            j.http_status, j.cause, j.error
        \(matching)
        ORDER BY j.finished_at, j.event_seq LIMIT ?4
        """

    private static let columns = """
        j.event_seq, e.id, j.tenant, e.source, e.event_type, e.received_at, j.finished_at, j.task_name, j.attempts, j.http_status, j.cause, j.error
        """

    /// And ?4 most rows, ?5 finished_at and ?6 event_seq of the letter before. Who died first comes first.
    static let after = """
        SELECT \(columns) \(matching) AND (j.finished_at, j.event_seq) > (?5, ?6)
        ORDER BY j.finished_at, j.event_seq LIMIT ?4
        """

    /// The same of the letter behind. Who died last comes first.
    static let before = """
        SELECT \(columns) \(matching) AND (j.finished_at, j.event_seq) < (?5, ?6)
        ORDER BY j.finished_at DESC, j.event_seq DESC LIMIT ?4
        """

    /// How many of each cause, the most frequent first.
    static let causes = """
        SELECT coalesce(j.cause, 'unknown') AS cause, count(*) AS events
        \(matching)
        GROUP BY 1 ORDER BY 2 DESC, 1
        """

    /// The same of the first to die; ?4 most rows to look at.
    static let firstCauses = """
        SELECT cause, count(*) AS events FROM (SELECT coalesce(j.cause, 'unknown') AS cause \(matching) LIMIT ?4)
        GROUP BY 1 ORDER BY 2 DESC, 1
        """

    /// All of them in order of arrival.
    static let sequences = "SELECT j.event_seq \(matching) ORDER BY j.event_seq"

    /// ?1 event_seq. The dead letters that went out under the same key: they wait again together and are given up together.
    /// A key has one content: what came second under it would be taken for a repeat of the first.
    static let pushMembers = """
        SELECT m.event_seq, m.event_id, m.push_key, m.tenant, length(e.raw_body) > 0 AS has_payload
        FROM job_execution d JOIN job_execution m INDEXED BY job_dead_push
            ON m.push_key = d.push_key AND m.tenant = d.tenant AND m.status = 'dead'
            JOIN webhook_event e ON e.seq = m.event_seq
        WHERE d.event_seq = ?1 AND d.status = 'dead' ORDER BY m.event_seq
        """

    static let all = [pushMembers, list, after, before, causes, firstCauses, sequences]
}
