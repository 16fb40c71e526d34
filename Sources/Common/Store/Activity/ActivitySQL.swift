enum ActivitySQL {
    /// ?1 tenant, ?2 source, ?3 now, ?4 came, ?5 done, ?6 failed, ?7 queued. What stands in the place of another time is forgotten.
    static let add = """
        INSERT INTO activity (tenant, source, width, slot, start, came, done, failed, queued) VALUES \(rows)
        ON CONFLICT (tenant, source, width, slot) DO UPDATE SET start = excluded.start,
            came = excluded.came + iif(start = excluded.start, came, 0), done = excluded.done + iif(start = excluded.start, done, 0),
            failed = excluded.failed + iif(start = excluded.start, failed, 0),
            queued = excluded.queued + iif(start = excluded.start, queued, 0)
        """

    private static let rows: String = ActivitySpan.allCases.map { (span: ActivitySpan) -> String in
        let width = span.milliseconds
        return "(?1, ?2, \(width), ?3 / \(width) % \(span.count), ?3 / \(width) * \(width), ?4, ?5, ?6, ?7)"
    }.joined(separator: ", ")

    /// ?1 now, ?2 tenant, ?3 source; NULL: any. The whole table is a few thousand rows.
    static let sums = """
        SELECT width, start, sum(came) AS came, sum(done) AS done, sum(failed) AS failed, sum(queued) AS queued FROM activity
        WHERE start > ?1 - width * \(countByWidth) AND start <= ?1 AND (?2 IS NULL OR tenant = ?2) AND (?3 IS NULL OR source = ?3)
        GROUP BY width, start
        """

    private static let countByWidth: String =
        "CASE width "
        + ActivitySpan.allCases.map { (span) -> String in "WHEN \(span.milliseconds) THEN \(span.count)" }.joined(separator: " ")
        + " END"

    /// ?1 start. Of tenants and sources that have nothing newer.
    static let forget = "DELETE FROM activity WHERE start < ?1"

    /// What ingest has stored and no line shows yet.
    static let arrivals = "SELECT tenant, source, status, arrived - drawn FROM event_count WHERE arrived > drawn"

    /// Of what is tallied.
    static let draw = "UPDATE event_tally SET drawn = arrived WHERE arrived > drawn"

    static let all = [add, sums, forget, arrivals, draw]
}
