extension Migration {
    static let backfills = Migration(
        name: "8b backfill",
        sql: """
            -- The states of objects that a backfill has brought in: a webhook that comes later with the same one is its duplicate.
            CREATE TABLE backfill_state (
                digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
                event_seq INTEGER NOT NULL REFERENCES webhook_event (seq) ON DELETE CASCADE
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX backfill_state_event ON backfill_state (event_seq);

            -- The last backfill of each source and tenant, and how far it has come. Times are ms since 1970, UTC.
            CREATE TABLE backfill_run (
                tenant TEXT NOT NULL,
                source TEXT NOT NULL,
                since_at INTEGER NOT NULL,
                until_at INTEGER NOT NULL,          -- exclusive
                options TEXT NOT NULL,              -- JSON: what else was asked for
                reached_at INTEGER NOT NULL,        -- all that the provider lists before it is in
                begun_at INTEGER NOT NULL,
                finished_at INTEGER,
                listed INTEGER NOT NULL CHECK (listed >= 0),
                taken INTEGER NOT NULL CHECK (taken >= 0),
                duplicates INTEGER NOT NULL CHECK (duplicates >= 0),
                PRIMARY KEY (tenant, source)
            ) STRICT, WITHOUT ROWID;

            -- Up to when what we have was held against what the provider says it sent, and how that went last.
            CREATE TABLE reconciliation (
                tenant TEXT NOT NULL,
                source TEXT NOT NULL,
                through_at INTEGER NOT NULL,        -- exclusive
                ran_at INTEGER NOT NULL,
                listed INTEGER NOT NULL CHECK (listed >= 0),
                missing INTEGER NOT NULL CHECK (missing >= 0),  -- fetched by the last run
                missing_at INTEGER,                 -- the last run that found something missing
                error TEXT,                         -- of the last run; NULL where it went well
                failing_since INTEGER,
                PRIMARY KEY (tenant, source),
                CHECK ((error IS NULL) = (failing_since IS NULL))
            ) STRICT, WITHOUT ROWID;
            """)
}
