/// Secrets that providers hand over by themselves, and the windows in which they may. Times are ms since 1970, UTC.
enum LearnedSecretSQL {
    static let secrets = "SELECT id, source, tenant, secret, learned_at, source_ip, sealed FROM learned_secret ORDER BY id"

    /// ?1 now.
    static let windows = "SELECT source, tenant, closes_at FROM secret_window WHERE closes_at > ?1 ORDER BY source, tenant"

    /// ?1 source, ?2 tenant, ?3 now, ?4 closes_at.
    static let open = """
        INSERT INTO secret_window (source, tenant, opened_at, closes_at) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (source, tenant) DO UPDATE SET opened_at = excluded.opened_at, closes_at = excluded.closes_at
        """

    /// ?1 source, ?2 tenant. Whether or not its time is over.
    static let close = "DELETE FROM secret_window WHERE source = ?1 AND tenant = ?2"

    /// ?1 source, ?2 tenant, ?3 now. Changes one row for the first that comes in time, none for any other.
    static let take = "DELETE FROM secret_window WHERE source = ?1 AND tenant = ?2 AND closes_at > ?3"

    /// ?1 source, ?2 tenant, ?3 secret or its hash, ?4 now, ?5 source_ip, ?6 the secret sealed.
    static let learn = """
        INSERT INTO learned_secret (source, tenant, secret, learned_at, source_ip, sealed)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING
        """

    /// ?1 source, ?2 tenant.
    static let count = "SELECT count(*) FROM learned_secret WHERE source = ?1 AND tenant = ?2"

    /// ?1 id.
    static let forget = "DELETE FROM learned_secret WHERE id = ?1"

    static let all = [secrets, windows, open, close, take, learn, count, forget]
}
