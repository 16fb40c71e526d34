/// Alerts and who has heard of them. Times are ms since 1970, UTC.
enum AlertSQL {
    /// ?1 now, ?2 the last look before which it is time for another. Changes one row for one of several at once; also after the clock
    /// went back.
    static let look = "UPDATE alert_look SET at = ?1 WHERE at <= ?2 OR at > ?1"

    static let lookedAt = "SELECT at FROM alert_look"

    static let list = "SELECT * FROM alert ORDER BY state, kind, subject"

    /// ?1 kind, ?2 subject, ?3 state, ?4 first_at, ?5 last_at, ?6 count, ?7 newest, ?8 what, ?9 fix, ?10 next, ?11 example.
    static let put = """
        INSERT OR REPLACE INTO alert (kind, subject, state, first_at, last_at, count, newest, what, fix, next, example)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        """

    /// ?1 the moment before which it was over. What is over for long is forgotten, first what was told of it.
    static let forgetTold = """
        DELETE FROM alert_told WHERE (kind, subject) IN (SELECT kind, subject FROM alert WHERE state = 'resolved' AND last_at < ?1)
        """
    static let forget = "DELETE FROM alert WHERE state = 'resolved' AND last_at < ?1"

    /// ?1 channel.
    static let told = "SELECT kind, subject, state, at, count, newest FROM alert_told WHERE channel = ?1"

    /// ?1 channel, ?2 kind, ?3 subject, ?4 state, ?5 now, ?6 count, ?7 newest.
    static let tell = """
        INSERT OR REPLACE INTO alert_told (channel, kind, subject, state, at, count, newest) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        """

    static let channels = "SELECT channel, sent_at, tries, due_at, error FROM alert_channel ORDER BY channel"

    /// ?1 channel, ?2 now.
    static let sent = """
        INSERT INTO alert_channel (channel, sent_at) VALUES (?1, ?2)
        ON CONFLICT (channel) DO UPDATE SET sent_at = excluded.sent_at, tries = 0, due_at = 0, error = NULL
        """

    /// ?1 channel, ?2 tries, ?3 due_at, ?4 error.
    static let failed = """
        INSERT INTO alert_channel (channel, tries, due_at, error) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (channel) DO UPDATE SET tries = excluded.tries, due_at = excluded.due_at, error = excluded.error
        """

    static let all = [look, lookedAt, list, put, forgetTold, forget, told, tell, channels, sent, failed]
}
