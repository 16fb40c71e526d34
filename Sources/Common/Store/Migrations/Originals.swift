extension Migration {
    static let originals = Migration(
        name: "7c originals",
        sql: """
            -- Whole payloads of events that are stored without part of them, for a short time.
            CREATE TABLE original (
                event_seq INTEGER PRIMARY KEY REFERENCES webhook_event (seq) ON DELETE CASCADE,
                until INTEGER NOT NULL,             -- ms since 1970, UTC
                body BLOB NOT NULL                  -- always encrypted
            ) STRICT;
            CREATE INDEX original_until ON original (until);
            """)
}
