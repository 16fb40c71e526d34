/// What a backfill reads and writes beside the events themselves.
enum BackfillSQL {
    /// ?1 digest. The event that brought the state.
    static let byState = "SELECT e.id FROM backfill_state s JOIN webhook_event e ON e.seq = s.event_seq WHERE s.digest = ?1"

    /// ?1 digest, ?2 event_seq.
    static let claimState = "INSERT INTO backfill_state (digest, event_seq) VALUES (?1, ?2) ON CONFLICT (digest) DO NOTHING"

    /// ?1 after this event, ?2 source, ?3 tenant, ?4 most rows. In order of arrival; of others' events the number alone.
    /// What is empty and remembered brought the states that are claimed for it.
    static let arrivals = """
        SELECT seq, CASE WHEN source = ?2 AND tenant = ?3 AND signature_valid = 1 THEN headers END AS headers,
            CASE WHEN source = ?2 AND tenant = ?3 AND signature_valid = 1 THEN raw_body END AS raw_body,
            length(raw_body) = 0 AND EXISTS (SELECT 1 FROM backfill_state WHERE event_seq = seq) AS is_remembered
        FROM webhook_event WHERE seq > ?1 ORDER BY seq LIMIT ?4
        """

    /// ?1 tenant, ?2 source.
    static let run = "SELECT * FROM backfill_run WHERE tenant = ?1 AND source = ?2"

    /// ?1 tenant, ?2 source, ?3 since_at, ?4 until_at, ?5 options, ?6 reached_at, ?7 begun_at, ?8 finished_at, ?9 listed, ?10 taken,
    /// ?11 duplicates.
    static let putRun = """
        INSERT OR REPLACE INTO backfill_run
            (tenant, source, since_at, until_at, options, reached_at, begun_at, finished_at, listed, taken, duplicates)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        """

    static let reconciliations = "SELECT * FROM reconciliation ORDER BY tenant, source"

    /// ?1 tenant, ?2 source, ?3 through_at, ?4 ran_at, ?5 listed, ?6 missing, ?7 error. What lies behind the run is of a clock that was ahead. Since when it fails, and when something was missing
    /// last, follows from what stood there.
    static let putReconciliation = """
        INSERT INTO reconciliation (tenant, source, through_at, ran_at, listed, missing, missing_at, error, failing_since)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, CASE WHEN ?6 > 0 THEN ?4 END, ?7, CASE WHEN ?7 IS NOT NULL THEN ?4 END)
        ON CONFLICT (tenant, source) DO UPDATE SET
            through_at = CASE WHEN through_at > excluded.ran_at THEN excluded.through_at ELSE max(through_at, excluded.through_at) END, ran_at = excluded.ran_at,
            listed = excluded.listed, missing = excluded.missing, missing_at = coalesce(excluded.missing_at, missing_at),
            error = excluded.error,
            failing_since = CASE WHEN excluded.error IS NOT NULL THEN coalesce(failing_since, excluded.ran_at) END
        """

    static let all = [byState, claimState, arrivals, run, putRun, reconciliations, putReconciliation]
}
