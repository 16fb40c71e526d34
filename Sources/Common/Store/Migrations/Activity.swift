extension Migration {
    static let activity = Migration(
        name: "14 activity",
        sql: """
            -- What happened in each stretch of time, for the lines on the pages. A stretch takes the place of the one that was as long ago as the
            -- lines reach: 60 minutes, 48 half-hours and 31 days for each tenant and source, and never a row more.
            CREATE TABLE activity (
                tenant TEXT NOT NULL,
                source TEXT NOT NULL,
                width INTEGER NOT NULL,             -- ms: of the stretch
                slot INTEGER NOT NULL,              -- (start / width) % how many of this width there are
                start INTEGER NOT NULL,             -- ms since 1970, UTC
                came INTEGER NOT NULL,              -- events stored
                done INTEGER NOT NULL,              -- WordPress took them
                failed INTEGER NOT NULL,            -- became dead letters
                queued INTEGER NOT NULL,            -- by how many more or fewer wait
                PRIMARY KEY (tenant, source, width, slot)
            ) STRICT, WITHOUT ROWID;
            """)
}
