extension Migration {
    static let mirrored = Migration(
        name: "4c mirror",
        sql: """
            -- Events that the cutover keeps from WordPress.
            CREATE TABLE mirror (
                event_seq INTEGER PRIMARY KEY REFERENCES webhook_event (seq) ON DELETE CASCADE,
                mode TEXT NOT NULL CHECK (mode IN ('mirror', 'off')),
                at INTEGER NOT NULL,                -- ms since 1970, UTC
                push_key TEXT NOT NULL,             -- of the push it would have been in
                payload BLOB                        -- what would have been sent; with the push's first event alone
            ) STRICT;
            CREATE INDEX mirror_push ON mirror (push_key) WHERE payload IS NOT NULL;
            """)
}
