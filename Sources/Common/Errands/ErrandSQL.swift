/// What programs ask of the errands. Times are ms since 1970, UTC.
enum ErrandSQL {
    /// ?1 source, ?2 URL. A certificate that is at hand, or whether it is on its way.
    static let certificate = "SELECT body, status FROM errand WHERE kind = 'certificate' AND source = ?1 AND url = ?2"

    /// ?1 source, ?2 asked_by (NULL is a network of its own). How many certificates wait, and how many this network has named that nobody
    /// has got, failed ones included.
    static let demand = """
        SELECT count(*) FILTER (WHERE status = 'waiting') AS waiting, count(*) FILTER (WHERE asked_by IS ?2) AS own
        FROM errand WHERE kind = 'certificate' AND source = ?1 AND status <> 'done'
        """

    /// ?1 URL, ?2 source, ?3 asked_by, ?4 now.
    static let wantCertificate = """
        INSERT INTO errand (kind, url, source, status, asked_by, wanted_at, due_at)
        VALUES ('certificate', ?1, ?2, 'waiting', ?3, ?4, ?4)
        ON CONFLICT DO NOTHING
        """

    /// ?1 URL, ?2 source, ?3 tenant, ?4 now. A repeat waits for what is under way already.
    static let wantConfirmation = """
        INSERT INTO errand (kind, url, source, tenant, status, wanted_at, due_at)
        VALUES ('confirmation', ?1, ?2, ?3, 'waiting', ?4, ?4)
        ON CONFLICT DO NOTHING
        """

    /// ?1 now, ?2 until when they are this worker's, ?3 most rows. Selects and marks in one statement, so that two workers never take one
    /// row. A confirmation that is done is done.
    static let claim = """
        UPDATE errand SET due_at = ?2, attempts = attempts + 1
        WHERE id IN (
            SELECT id FROM errand
            WHERE due_at <= ?1 AND (status = 'waiting' OR status = 'done' AND kind = 'certificate')
            ORDER BY due_at, id LIMIT ?3)
        RETURNING id, kind, url, source, status, wanted_at, attempts
        """

    /// ?1 id, ?2 PEM, ?3 expires_at, ?4 due_at, ?5 http_status, ?6 now.
    static let fetched = """
        UPDATE errand SET status = 'done', body = ?2, expires_at = ?3, due_at = ?4, http_status = ?5, fetched_at = ?6, error = NULL,
            attempts = 0, asked_by = NULL
        WHERE id = ?1
        """

    /// ?1 id, ?2 http_status, ?3 now.
    static let confirmed = """
        UPDATE errand SET status = 'done', http_status = ?2, fetched_at = ?3, due_at = ?3, error = NULL WHERE id = ?1
        """

    /// ?1 id, ?2 due_at, ?3 http_status, ?4 error.
    static let retry = "UPDATE errand SET due_at = ?2, http_status = ?3, error = ?4 WHERE id = ?1"

    /// ?1 id, ?2 due_at, ?3 http_status, ?4 error.
    static let fail = """
        UPDATE errand SET status = 'failed', due_at = ?2, http_status = ?3, error = ?4, body = NULL, fetched_at = NULL, expires_at = NULL
        WHERE id = ?1
        """

    /// ?1 now, ?2 confirmations that were done before this. Failed ones whose time is over, and confirmations long done.
    static let forget = """
        DELETE FROM errand
        WHERE status = 'failed' AND due_at <= ?1 OR kind = 'confirmation' AND status = 'done' AND due_at <= ?2
        """

    /// ?1 most failed certificates, ?2 most that are at hand, each of one source. The oldest go.
    static let trim = """
        DELETE FROM errand WHERE id IN (
            SELECT id FROM (
                SELECT id, status, row_number() OVER (PARTITION BY source, status ORDER BY coalesce(fetched_at, wanted_at) DESC, id DESC)
                    AS place
                FROM errand WHERE kind = 'certificate' AND status <> 'waiting')
            WHERE place > CASE status WHEN 'failed' THEN ?1 ELSE ?2 END)
        """

    /// ?1 most rows. Open ones first.
    static let list = """
        SELECT id, kind, url, source, tenant, status, wanted_at, due_at, attempts, fetched_at, expires_at, http_status, error
        FROM errand ORDER BY CASE status WHEN 'waiting' THEN 0 WHEN 'failed' THEN 1 ELSE 2 END, wanted_at DESC, id DESC LIMIT ?1
        """

    /// Whatever is due to anybody at all. ?1 now.
    static let isAnyDue = """
        SELECT EXISTS (SELECT 1 FROM errand WHERE due_at <= ?1 AND NOT (kind = 'confirmation' AND status = 'done'))
        """

    /// How many wait, how many of them have failed before, how many nobody goes for any more, and the newest reason.
    static let counts = """
        SELECT count(*) FILTER (WHERE status = 'waiting') AS waiting,
            count(*) FILTER (WHERE status <> 'failed' AND error IS NOT NULL) AS failing,
            count(*) FILTER (WHERE status = 'failed') AS failed,
            (SELECT error FROM errand WHERE error IS NOT NULL ORDER BY wanted_at DESC, id DESC LIMIT 1) AS error
        FROM errand
        """

    static let all = [
        certificate, demand, wantCertificate, wantConfirmation, claim, fetched, confirmed, retry, fail, forget, trim, list, isAnyDue,
        counts,
    ]
}
