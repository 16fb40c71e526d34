extension Migration {
    static let alerts = Migration(
        name: "6 alerts",
        sql: """
            -- What is or was wrong, one row for each kind and what it is wrong with.
            CREATE TABLE alert (
                kind TEXT NOT NULL,
                subject TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('open', 'resolved')),
                first_at INTEGER NOT NULL,          -- ms since 1970, UTC: since when it holds, or held
                last_at INTEGER NOT NULL,           -- ms: the last look that found it; resolved, the first that did not
                count INTEGER NOT NULL,             -- at the last look, in the kind's own unit
                newest INTEGER,                     -- ms: the last thing that it counts; NULL where it is a state
                what TEXT NOT NULL,
                fix TEXT NOT NULL,
                next TEXT NOT NULL,                 -- the command to look further with
                example TEXT,                       -- an event's id
                PRIMARY KEY (kind, subject)
            ) STRICT, WITHOUT ROWID;

            -- What each channel was told of it last.
            CREATE TABLE alert_told (
                channel TEXT NOT NULL,
                kind TEXT NOT NULL,
                subject TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('open', 'resolved')),
                at INTEGER NOT NULL,                -- ms since 1970, UTC
                count INTEGER NOT NULL,
                newest INTEGER,
                PRIMARY KEY (channel, kind, subject)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE alert_channel (
                channel TEXT PRIMARY KEY,
                sent_at INTEGER,                    -- ms since 1970, UTC: the last notice that arrived
                tries INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),  -- that failed one after another
                due_at INTEGER NOT NULL DEFAULT 0,  -- ms: not before
                error TEXT                          -- of the last try; NULL once one succeeds
            ) STRICT, WITHOUT ROWID;

            -- When somebody looked last, so that of workers that run every few seconds one a minute does.
            CREATE TABLE alert_look (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                at INTEGER NOT NULL                 -- ms since 1970, UTC
            ) STRICT;
            INSERT INTO alert_look (id, at) VALUES (1, 0);

            -- Dead letters by what they died of. `status` is in it so that counting them reads the index alone.
            CREATE INDEX job_dead_cause ON job_execution (tenant, cause, finished_at, status) WHERE status = 'dead';
            """)
}
