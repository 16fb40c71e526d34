extension Migration {
    static let errands = Migration(
        name: "3 errands",
        sql: """
            -- What has to be fetched from a provider. Ingest, which has no network, asks for it; the worker goes.
            CREATE TABLE errand (
                id INTEGER PRIMARY KEY,
                kind TEXT NOT NULL CHECK (kind IN ('certificate', 'confirmation')),
                url TEXT NOT NULL CHECK (length(url) <= 2048),
                source TEXT NOT NULL,
                tenant TEXT,                        -- whose confirmation it is; certificates are everybody's
                status TEXT NOT NULL CHECK (status IN ('waiting', 'done', 'failed')),
                asked_by TEXT,                      -- the network that named a certificate's URL; see its budget
                wanted_at INTEGER NOT NULL,         -- ms since 1970, UTC
                due_at INTEGER NOT NULL,            -- ms: waiting, not before; done, when it is fetched anew; failed, when it is forgotten
                attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),  -- tries since it was last fetched
                fetched_at INTEGER,                 -- ms
                expires_at INTEGER,                 -- ms: the certificate's own end
                http_status INTEGER,                -- of the last answer
                error TEXT,                         -- of the last try; NULL once it succeeds
                body TEXT,                          -- PEM
                UNIQUE (kind, source, url),
                CHECK ((status = 'done') = (fetched_at IS NOT NULL)),
                CHECK ((body IS NOT NULL) = (kind = 'certificate' AND status = 'done'))
            ) STRICT;
            CREATE INDEX errand_due ON errand (due_at);

            -- An operator waits for a secret that the provider hands over by itself. The first to come takes the row away.
            CREATE TABLE secret_window (
                source TEXT NOT NULL,
                tenant TEXT NOT NULL,
                opened_at INTEGER NOT NULL,         -- ms since 1970, UTC
                closes_at INTEGER NOT NULL CHECK (closes_at > opened_at),
                PRIMARY KEY (source, tenant)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE learned_secret (
                id INTEGER PRIMARY KEY AUTOINCREMENT,   -- what was forgotten never names another
                source TEXT NOT NULL,
                tenant TEXT NOT NULL,
                secret BLOB NOT NULL CHECK (length(secret) BETWEEN 1 AND 512),
                learned_at INTEGER NOT NULL,        -- ms since 1970, UTC
                source_ip TEXT,                     -- who brought it
                UNIQUE (source, tenant, secret)
            ) STRICT;
            """)
}
