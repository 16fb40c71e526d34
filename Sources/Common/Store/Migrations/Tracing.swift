extension Migration {
    static let tracing = Migration(
        name: "8b tracing",
        sql: """
            -- How long ingest took with an event that is to be traced, until the worker tells the collector. Empty where nothing is traced.
            CREATE TABLE ingest_span (
                event_seq INTEGER PRIMARY KEY,
                verify_us INTEGER NOT NULL,
                commit_us INTEGER NOT NULL,
                total_us INTEGER NOT NULL
            ) STRICT;
            """)
}
