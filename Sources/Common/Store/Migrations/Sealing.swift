extension Migration {
    static let sealing = Migration(
        name: "7b sealing",
        sql: """
            -- From here on payloads may be sealed: `headers` says `sealed:` and the key's id, `raw_body` holds headers and body as one message.
            -- One row once anything was. The key that lanes are hashed with stays the same whatever data key comes and goes.
            CREATE TABLE sealing (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                since INTEGER NOT NULL,             -- ms since 1970, UTC
                key_id TEXT NOT NULL,               -- of the data key that seals the next
                search_key BLOB NOT NULL
            ) STRICT;

            -- How far `gatepost keys rotate` has come, should it be killed.
            CREATE TABLE rotation (
                part TEXT PRIMARY KEY,
                target TEXT NOT NULL,               -- the key's id, or 'plain'
                last INTEGER NOT NULL               -- the last row that was looked at
            ) STRICT, WITHOUT ROWID;

            -- Where it stands, `secret` is a keyed hash, so that the same secret is still learned once.
            ALTER TABLE learned_secret ADD COLUMN sealed BLOB;
            """)
}
