extension Migration {
    static let retention = Migration(
        name: "4d retention",
        sql: """
            -- How far the worker's own removal of old events has come.
            CREATE TABLE purge (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                seq INTEGER NOT NULL,               -- the last event that was looked at
                begun_at INTEGER NOT NULL           -- ms since 1970, UTC: this pass over the store
            ) STRICT;
            """)
}
