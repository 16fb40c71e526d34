/// What ingest writes. Times are ms since 1970, UTC.
enum EventSQL {
    /// ?1 seq, ?2 id, ?3 source, ?4 tenant, ?5 event_type, ?6 received_at, ?7 occurred_at, ?8 status, ?9 idempotency_key, ?10 route,
    /// ?11 lane, ?12 source_ip, ?13 user_agent, ?14 created_by, ?15 request_id, ?16 traceparent, ?17 headers, ?18 raw_body, ?19 secret.
    /// Changes no row where the key is taken.
    static let insert = """
        INSERT INTO webhook_event (seq, id, source, tenant, event_type, received_at, occurred_at, status, signature_valid,
            idempotency_key, route, lane, source_ip, user_agent, created_by, request_id, traceparent, headers, raw_body, secret)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
        ON CONFLICT (idempotency_key) DO NOTHING
        """

    /// ?1 idempotency_key. The event that has it.
    static let byKey = "SELECT id FROM webhook_event WHERE idempotency_key = ?1"

    /// ?1 event_seq, ?2 job id, ?3 event_id, ?4 task_name, ?5 tenant, ?6 lane, ?7 due_at.
    static let enqueue = """
        INSERT INTO job_execution (event_seq, id, event_id, task_name, tenant, lane, status, due_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'waiting', ?7)
        """

    /// ?1 digest. The event that brought it.
    static let byNonce = """
        SELECT e.id FROM nonce n JOIN webhook_event e ON e.seq = n.event_seq WHERE n.digest = ?1
        """

    /// ?1 digest, ?2 event_seq, ?3 seen_at.
    static let claimNonce = "INSERT INTO nonce (digest, event_seq, seen_at) VALUES (?1, ?2, ?3)"

    /// The greatest row number that was given so far, as far as it matters: the last event's, and, should that be gone, the one up to which
    /// work stands in its lane, or up to which events are tallied. What came in below that would never be lined up, or never counted.
    /// Beside it the latter.
    static let lastSequence = """
        SELECT max(coalesce((SELECT max(seq) FROM webhook_event), 0), coalesce((SELECT seq FROM lane_cursor), 0), seq), seq FROM tally_mark
        """

    /// ?1 now. Writes one row, always the same.
    static let pulse = "INSERT INTO pulse (id, at) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET at = excluded.at"

    static let all = [pulse, insert, byKey, enqueue, byNonce, claimNonce, lastSequence]
}
