extension Migration {
    static let eventsAndJobs = Migration(
        name: "1 events, jobs, nonces",
        sql: """
            CREATE TABLE webhook_event (
                seq INTEGER PRIMARY KEY,            -- order of arrival; the same bits begin the id, so an id finds its row
                id TEXT NOT NULL,                   -- UUIDv7
                source TEXT NOT NULL,
                tenant TEXT NOT NULL,
                event_type TEXT NOT NULL,
                received_at INTEGER NOT NULL,       -- ms since 1970, UTC
                occurred_at INTEGER,                -- ms since 1970, UTC, as the provider says
                status TEXT NOT NULL CHECK (status IN ('received', 'queued', 'processed', 'failed', 'discarded')),
                attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
                error TEXT,
                signature_valid INTEGER NOT NULL CHECK (signature_valid IN (0, 1)),
                idempotency_key TEXT UNIQUE,        -- {source}:{tenant}:{provider_event_id}
                route TEXT NOT NULL CHECK (route IN ('user-sync', 'order-event', 'keep')),
                lane TEXT,                          -- whose event it is: order is kept within (tenant, lane)
                source_ip TEXT,
                user_agent TEXT,
                created_by TEXT NOT NULL,
                request_id TEXT NOT NULL,
                traceparent TEXT,
                settled_at INTEGER,                 -- ms since 1970, UTC
                headers TEXT NOT NULL,              -- JSON object, credentials left out
                raw_body BLOB NOT NULL,             -- exactly as sent; of a post with several events, this event's own bytes
                -- What was not believed never stands in the way of the honest one.
                CHECK ((signature_valid = 1) = (idempotency_key IS NOT NULL))
            ) STRICT;

            CREATE TABLE job_execution (
                event_seq INTEGER PRIMARY KEY REFERENCES webhook_event (seq) ON DELETE CASCADE,
                id TEXT NOT NULL,
                event_id TEXT NOT NULL,
                task_name TEXT NOT NULL CHECK (task_name IN ('user-sync', 'order-event')),
                tenant TEXT NOT NULL,
                lane TEXT,
                status TEXT NOT NULL CHECK (status IN ('waiting', 'leased', 'done', 'dead', 'discarded')),
                attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
                due_at INTEGER NOT NULL,            -- ms: waiting, not before; leased, when the lease ends
                lease TEXT,                         -- the claim that holds it
                push_key TEXT,                      -- Idempotency-Key of the push it belongs to; kept over tries
                started_at INTEGER,
                finished_at INTEGER,
                http_status INTEGER,                -- of the last answer
                cause TEXT,                         -- root-cause tag of the last failure
                error TEXT,
                CHECK ((status = 'leased') = (lease IS NOT NULL)),
                CHECK ((status IN ('done', 'dead', 'discarded')) = (finished_at IS NOT NULL))
            ) STRICT;

            -- Both hold open work alone, so that taking work costs the same whatever was done before.
            CREATE INDEX job_due ON job_execution (tenant, due_at, event_seq) WHERE finished_at IS NULL;
            CREATE INDEX job_lane ON job_execution (tenant, lane, event_seq) WHERE finished_at IS NULL AND lane IS NOT NULL;
            CREATE INDEX job_dead ON job_execution (finished_at, event_seq) WHERE status = 'dead';

            CREATE INDEX job_dead_push ON job_execution (push_key) WHERE status = 'dead';

            CREATE TABLE nonce (
                digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
                event_seq INTEGER NOT NULL REFERENCES webhook_event (seq) ON DELETE CASCADE,
                seen_at INTEGER NOT NULL            -- ms since 1970, UTC
            ) STRICT, WITHOUT ROWID;

            -- Written by the health check: that a page can be written is what it asks.
            CREATE TABLE pulse (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                at INTEGER NOT NULL                 -- ms since 1970, UTC
            ) STRICT;

            -- How many events stand in each status, so that nobody counts ten million rows.
            CREATE TABLE event_tally (
                tenant TEXT NOT NULL,
                source TEXT NOT NULL,
                status TEXT NOT NULL,
                events INTEGER NOT NULL,           -- no CHECK: an upsert's row is checked before it is added up
                PRIMARY KEY (tenant, source, status)
            ) STRICT, WITHOUT ROWID;
            """)
}
