extension Migration {
    /// One page more in each commit costs ingest more than all else that it counts: `event_tally` is brought up to date once in some hundred
    /// events, and `tally_mark` says how far it goes.
    static let tallyMark = Migration(
        name: "18 tally mark",
        sql: """
            -- `event_tally` counts every event up to this one. What ingest stored behind it stands there as it came: before one of those changes
            -- its status or goes, all of them are counted, whoever does it.
            CREATE TABLE tally_mark (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                seq INTEGER NOT NULL
            ) STRICT;
            INSERT INTO tally_mark (id, seq) SELECT 1, coalesce(max(seq), 0) FROM webhook_event;

            -- Takes the place of `came`, which only an ingest of a version before still writes.
            ALTER TABLE event_tally ADD COLUMN arrived INTEGER NOT NULL DEFAULT 0;
            UPDATE event_tally SET arrived = came, came = 0;

            -- Who brings events in by other ways (`created_by`) counts them at once, and so are rejected requests counted.
            CREATE VIEW untallied AS
                SELECT tenant, source, status, count(*) AS events, sum(status IN ('queued', 'received')) AS arrived
                FROM webhook_event
                WHERE seq > (SELECT seq FROM tally_mark) AND created_by = 'ingest' AND signature_valid = 1
                GROUP BY tenant, source, status;

            -- For who reads: how many events stand in each status now.
            CREATE VIEW event_count AS
                SELECT tenant, source, status, sum(events) AS events, sum(arrived) AS arrived, sum(drawn) AS drawn
                FROM (
                    SELECT tenant, source, status, events, arrived, drawn FROM event_tally
                    UNION ALL
                    SELECT tenant, source, status, events, arrived, 0 FROM untallied)
                GROUP BY tenant, source, status;

            CREATE TRIGGER tally_before_change BEFORE UPDATE OF status ON webhook_event
            WHEN old.seq > (SELECT seq FROM tally_mark) AND old.created_by = 'ingest' AND old.signature_valid = 1
            BEGIN
                \(tally)
            END;
            CREATE TRIGGER tally_before_removal BEFORE DELETE ON webhook_event
            WHEN old.seq > (SELECT seq FROM tally_mark) AND old.created_by = 'ingest' AND old.signature_valid = 1
            BEGIN
                \(tally)
            END;

            -- An ingest of the version before, which goes on until it is restarted, counts what it stores; but that stands behind the mark.
            CREATE TRIGGER tally_by_rows BEFORE INSERT ON event_tally WHEN new.came > 0 BEGIN SELECT RAISE(IGNORE); END;
            """)

    private static let tally = """
        INSERT INTO event_tally (tenant, source, status, events, arrived)
                    SELECT tenant, source, status, events, arrived FROM untallied WHERE true
                    ON CONFLICT (tenant, source, status) DO UPDATE
                    SET events = events + excluded.events, arrived = arrived + excluded.arrived;
                UPDATE tally_mark SET seq = (SELECT max(seq) FROM webhook_event);
        """
}
