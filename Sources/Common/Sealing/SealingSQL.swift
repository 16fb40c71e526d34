enum SealingSQL {
    static let state = "SELECT since, key_id, search_key FROM sealing WHERE id = 1"

    /// ?1 now, ?2 key_id, ?3 search_key.
    static let begin = "INSERT INTO sealing (id, since, key_id, search_key) VALUES (1, ?1, ?2, ?3)"

    /// ?1 key_id, ?2 search_key.
    static let move = "UPDATE sealing SET key_id = ?1, search_key = ?2 WHERE id = 1"

    static let end = "DELETE FROM sealing WHERE id = 1"

    /// ?1 behind this event, ?2 most rows. Events whose lane is not hashed and may have to keep its order yet.
    static let openLanes = """
        SELECT j.event_seq, j.tenant, j.lane FROM job_execution j
        WHERE j.event_seq > ?1 AND (j.finished_at IS NULL OR j.status = 'dead') AND j.lane IS NOT NULL AND substr(j.lane, 1, 1) <> '#'
        ORDER BY j.event_seq LIMIT ?2
        """

    /// ?1 event_seq, ?2 the lane's new name.
    static let renameEvent = "UPDATE webhook_event SET lane = ?2 WHERE seq = ?1"

    /// ?1 event_seq, ?2 the lane's new name.
    static let renameJob = "UPDATE job_execution SET lane = ?2 WHERE event_seq = ?1"

    /// Open lanes whose name is a person's. Those without a person have an event's id.
    static let lanes = "SELECT id, tenant, name FROM lane WHERE instr(name, ':') > 0"

    /// ?1 lane, ?2 its new name.
    static let renameLane = "UPDATE lane SET name = ?2 WHERE id = ?1"

    static let all = [state, begin, move, end, openLanes, renameEvent, renameJob, lanes, renameLane]
}
