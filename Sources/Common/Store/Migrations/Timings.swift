extension Migration {
    static let timings = Migration(
        name: "17 timings",
        sql: """
            -- How long ingest took with events that are to be traced, many in a row, until the worker tells the collector. Where nothing is traced
            -- there is no row. `timings`: of each event, little-endian, its seq (8 bytes) and the microseconds until it was verified, of its
            -- commit, and until it could be answered (4 bytes each). It takes the place of `ingest_span`, a row for each event, where an
            -- ingest of the version before may go on to write while the store is upgraded; the worker reads both.
            CREATE TABLE ingest_timing (
                id INTEGER PRIMARY KEY,
                timings BLOB NOT NULL CHECK (length(timings) > 0 AND length(timings) % 20 = 0)
            ) STRICT;
            """)
}
