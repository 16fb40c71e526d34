enum AuditSQL {
    /// ?1 at, ?2 actor, ?3 origin, ?4 action, ?5 object, ?6 count, ?7 detail.
    static let add = "INSERT INTO audit (at, actor, origin, action, object, count, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"

    /// ?1 since, ?2 until (exclusive), ?3 actor, ?4 action, or what it begins with; NULL: any.
    private static let matching = """
        FROM audit WHERE (?1 IS NULL OR at >= ?1) AND (?2 IS NULL OR at < ?2) AND (?3 IS NULL OR actor = ?3)
            AND (?4 IS NULL OR action = ?4 OR substr(action, 1, length(?4) + 1) = ?4 || '.')
        """

    /// And ?5 most rows. Newest first.
    static let newest = "SELECT * \(matching) ORDER BY id DESC LIMIT ?5"

    /// And ?5 after this entry, ?6 most rows. Oldest first.
    static let after = "SELECT * \(matching) AND id > ?5 ORDER BY id LIMIT ?6"

    /// And ?5 before this entry, ?6 most rows. Newest first.
    static let before = "SELECT * \(matching) AND id < ?5 ORDER BY id DESC LIMIT ?6"

    static let all = [add, newest, after, before]
}
