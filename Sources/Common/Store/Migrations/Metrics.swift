extension Migration {
    static let metrics = Migration(
        name: "8 metrics",
        sql: """
            -- Counters and the buckets of histograms, a row for each set of labels. Written with the work that they count.
            CREATE TABLE metric (
                name TEXT NOT NULL,
                label1 TEXT NOT NULL,               -- in the order of the catalogue; '' where it has fewer
                label2 TEXT NOT NULL,
                label3 TEXT NOT NULL,
                value INTEGER NOT NULL,
                PRIMARY KEY (name, label1, label2, label3)
            ) STRICT, WITHOUT ROWID;
            """)
}
