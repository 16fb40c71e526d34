/// Pushes that are settled and whose events are yet to be marked.
enum SettledSQL {
    /// The first push that waits for its marks; NULL where none does.
    static let oldest = "SELECT min(id) FROM settled_push"

    /// ?1 tenant, ?2 source, ?3 push_key, ?4 http_status, ?5 claimed_at, ?6 settled_at, ?7 event_seq between commas.
    static let keep = """
        INSERT INTO settled_push (tenant, source, push_key, http_status, claimed_at, settled_at, events)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        """

    /// ?1 most rows. The first to be settled first.
    static let some = "SELECT * FROM settled_push ORDER BY id LIMIT ?1"

    /// ?1 up to this one.
    static let forget = "DELETE FROM settled_push WHERE id <= ?1"

    static let all = [oldest, keep, some, forget]
}
