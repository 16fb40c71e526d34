/// Requests that verification refused. Times are ms since 1970, UTC.
enum RejectionSQL {
    /// ?1 seq, ?2 id, ?3 source, ?4 tenant ('' where none is known), ?5 event_type, ?6 received_at, ?7 error, ?8 source_ip, ?9 user_agent,
    /// ?10 created_by, ?11 request_id, ?12 traceparent, ?13 headers, ?14 raw_body. Claims no key, makes no work.
    static let insertEvent = """
        INSERT INTO webhook_event (seq, id, source, tenant, event_type, received_at, status, error, signature_valid, route, source_ip,
            user_agent, created_by, request_id, traceparent, settled_at, headers, raw_body)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'discarded', ?7, 0, 'keep', ?8, ?9, ?10, ?11, ?12, ?6, ?13, ?14)
        """

    /// ?1 event_seq, ?2 source, ?3 minute, ?4 bytes, ?5 address, ?6 named_tenant, ?7 reason, ?8 explanation, ?9 method, ?10 url, ?11 head,
    /// ?12 missed.
    static let insert = """
        INSERT INTO rejection (event_seq, source, minute, bytes, address, named_tenant, reason, explanation, method, url, head, missed)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
        """

    /// ?1 source, ?2 minute. How much of it is kept already, by whichever process.
    static let ofMinute = """
        SELECT count(*) AS "rows", coalesce(sum(bytes), 0) AS bytes FROM rejection INDEXED BY rejection_bound
        WHERE source = ?1 AND minute = ?2
        """

    /// All that is kept. Reads the index alone.
    static let total = """
        SELECT count(*) AS "rows", coalesce(sum(bytes), 0) AS bytes FROM rejection INDEXED BY rejection_bound
        """

    /// The same, by source and minute.
    static let minutes = """
        SELECT source, minute, count(*) AS "rows", sum(bytes) AS bytes FROM rejection INDEXED BY rejection_bound GROUP BY source, minute
        """

    /// ?1 lowest seq that stays, ?2 most rows.
    static let old = "SELECT event_seq FROM rejection WHERE event_seq < ?1 ORDER BY event_seq LIMIT ?2"

    /// ?1 most rows. Those that became events, the oldest first.
    static let settled = """
        SELECT event_seq, bytes FROM rejection INDEXED BY rejection_settled WHERE outcome IS NOT NULL ORDER BY event_seq LIMIT ?1
        """

    /// ?1 source, ?2 minute, ?3 most rows. The last to come first.
    static let newestOfMinute = """
        SELECT event_seq FROM rejection WHERE source = ?1 AND minute = ?2 ORDER BY event_seq DESC LIMIT ?3
        """

    /// ?1 seq. What is verified is never removed here.
    static let remove = "DELETE FROM webhook_event WHERE seq = ?1 AND signature_valid = 0 RETURNING tenant, source"

    /// ?1 event_seq, ?2 settled_at. Takes it in hand; changes no row that is settled.
    static let settle = """
        UPDATE rejection SET outcome = 'duplicate', settled_at = ?2, event_ids = '' WHERE event_seq = ?1 AND outcome IS NULL
        """

    /// ?1 event_seq.
    static let isGone = "SELECT NOT EXISTS (SELECT 1 FROM rejection WHERE event_seq = ?1)"

    /// ?1 event_seq, ?2 outcome, ?3 event_ids. In the same transaction.
    static let name = "UPDATE rejection SET outcome = ?2, event_ids = ?3 WHERE event_seq = ?1"

    static let all = [insertEvent, insert, ofMinute, total, minutes, old, settled, newestOfMinute, remove, settle, isGone, name]
}
