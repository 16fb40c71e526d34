extension Migration {
    static let arrivals = Migration(
        name: "16 arrivals",
        sql: """
            -- How many events ever came in with this status: the counters `queued` and `kept` of `webhook_ingest_count_total`, which had rows in
            -- `metric` before, and how many of them are in `activity` already. They change when this row does, and one row costs a commit
            -- less than three.
            ALTER TABLE event_tally ADD COLUMN came INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE event_tally ADD COLUMN drawn INTEGER NOT NULL DEFAULT 0;
            INSERT INTO event_tally (tenant, source, status, events, came, drawn)
                SELECT label2, label1, iif(label3 = 'kept', 'received', 'queued'), 0, value, value FROM metric
                WHERE name = 'webhook_ingest_count_total' AND label3 IN ('queued', 'kept')
                ON CONFLICT (tenant, source, status) DO UPDATE SET came = excluded.came, drawn = excluded.drawn;
            DELETE FROM metric WHERE name = 'webhook_ingest_count_total' AND label3 IN ('queued', 'kept');
            """)
}
