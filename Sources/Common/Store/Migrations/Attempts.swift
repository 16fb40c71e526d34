extension Migration {
    static let attempts = Migration(
        name: "4b attempts",
        sql: """
            -- Tries that failed, and the one that went well after them. Of each push the last twenty.
            CREATE TABLE attempt (
                id INTEGER PRIMARY KEY,
                push_key TEXT NOT NULL,
                at INTEGER NOT NULL,                -- ms since 1970, UTC
                verdict TEXT NOT NULL CHECK (verdict IN ('done', 'retry', 'dead')),
                http_status INTEGER,
                cause TEXT,
                error TEXT,
                took_ms INTEGER,
                request_id TEXT,                    -- as WordPress was sent it
                answer TEXT                         -- its beginning, where the whole request failed; secrets taken out
            ) STRICT;
            CREATE INDEX attempt_push ON attempt (push_key, id);
            """)
}
