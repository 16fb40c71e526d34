extension Migration {
    static let settledPushes = Migration(
        name: "4f settled pushes",
        sql: """
            -- Pushes that WordPress has, and whose events' rows do not say so yet. One person's events lie far apart: marked one push after
            -- another, each would rewrite a page of its own; marked in order of arrival, neighbours share it.
            CREATE TABLE settled_push (
                id INTEGER PRIMARY KEY AUTOINCREMENT,   -- never given twice: two workers may mark at once
                tenant TEXT NOT NULL,
                source TEXT NOT NULL,
                push_key TEXT NOT NULL,
                http_status INTEGER NOT NULL,
                claimed_at INTEGER NOT NULL,            -- ms since 1970, UTC
                settled_at INTEGER NOT NULL,            -- ms
                events TEXT NOT NULL                    -- their event_seq, between commas
            ) STRICT;

            -- Whether the job's row says more than the event's: not for work that was never tried, which is most.
            ALTER TABLE lane_job ADD COLUMN tried INTEGER NOT NULL DEFAULT 1 CHECK (tried IN (0, 1));
            """)
}
