extension Migration {
    static let circuits = Migration(
        name: "4a circuits, pauses",
        sql: """
            -- Endpoints that have failed last: no row, no trouble.
            CREATE TABLE circuit (
                tenant TEXT NOT NULL,
                base_url TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('closed', 'open', 'half-open')),
                pushes INTEGER NOT NULL CHECK (pushes >= 0),      -- that failed one after another
                requests INTEGER NOT NULL CHECK (requests >= 0),  -- that they went in
                opened_at INTEGER,                  -- ms since 1970, UTC
                retry_at INTEGER,                   -- ms: open, when a probe may go; half-open, when the probe is given up
                open_for INTEGER,                   -- ms: how long it was opened the last time
                cause TEXT NOT NULL,
                error TEXT NOT NULL,
                PRIMARY KEY (tenant, base_url),
                CHECK ((state = 'closed') = (opened_at IS NULL)),
                CHECK ((state = 'closed') = (retry_at IS NULL))
            ) STRICT, WITHOUT ROWID;

            -- An operator's word that nothing of this kind is pushed. '*' is any.
            CREATE TABLE pause (
                tenant TEXT NOT NULL,
                source TEXT NOT NULL,
                route TEXT NOT NULL CHECK (route IN ('*', 'user-sync', 'order-event')),
                paused_at INTEGER NOT NULL,         -- ms since 1970, UTC
                PRIMARY KEY (tenant, source, route)
            ) STRICT, WITHOUT ROWID;

            -- Lanes whose first event is paused: due at the end of the year 9999, until somebody says resume.
            CREATE INDEX lane_parked ON lane (id) WHERE due_at = 253402300799999;
            """)
}
