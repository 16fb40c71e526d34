extension Migration {
    static let usesOfSecrets = Migration(
        name: "5 uses of secrets",
        sql: """
            -- Fingerprint of the secret that verified it; NULL in events that came before this was written down.
            ALTER TABLE webhook_event ADD COLUMN secret TEXT;

            -- Which secrets there are and were, by fingerprint; never a secret.
            CREATE TABLE secret_use (
                source TEXT NOT NULL,
                tenant TEXT NOT NULL,
                fingerprint TEXT NOT NULL,
                known_since INTEGER NOT NULL,       -- ms since 1970, UTC: when ingest first read it
                last_verified_at INTEGER,           -- ms, to the minute: the last event that it verified
                PRIMARY KEY (source, tenant, fingerprint)
            ) STRICT, WITHOUT ROWID;
            """)
}
