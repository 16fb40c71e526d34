extension Migration {
    static let timings = Migration(
        name: "17 timings",
        sql: """
            -- How long ingest took with events that are to be traced, many in a row, until the worker tells the collector: of each event, little-endian,
            -- its seq (8 bytes) and the microseconds until it was verified, of its commit, and until it could be answered (4 bytes each). Empty
            -- where nothing is traced. It takes the place of `ingest_span`, a row for each event, which stays while programs of the
            -- version before may run on beside an upgraded store.
            CREATE TABLE ingest_timing (
                id INTEGER PRIMARY KEY,
                timings BLOB NOT NULL
            ) STRICT;
            DELETE FROM ingest_span;
            """)
}
