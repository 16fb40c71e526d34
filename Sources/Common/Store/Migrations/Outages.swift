extension Migration {
    static let outages = Migration(
        name: "15 outages",
        sql: """
            -- Times in which no event could be stored: ingest was away, or the store took nothing. Found by the pulse, which stood still.
            CREATE TABLE outage (
                began_at INTEGER PRIMARY KEY,       -- ms since 1970, UTC: the last pulse before
                ended_at INTEGER NOT NULL CHECK (ended_at > began_at)
            ) STRICT;
            -- Until now only who asked for our health wrote it: what it says tells nothing of an outage.
            DELETE FROM pulse;
            """)
}
