extension Migration {
    /// One page more in each commit costs ingest more than all else that it counts: `event_tally` is brought up to date once in some hundred
    /// events, and `tally_mark` says how far it goes.
    static let tallyMark = Migration(
        name: "18 tally mark",
        sql: """
            -- `event_tally` has every event up to this one as it came, and every change of any since. What ingest stored behind it is still to be
            -- added, as it came; before one of those goes, all of them are.
            CREATE TABLE tally_mark (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                seq INTEGER NOT NULL
            ) STRICT;
            INSERT INTO tally_mark (id, seq) SELECT 1, coalesce(max(seq), 0) FROM webhook_event;

            -- Takes the place of `came`, which stays as it was: only an ingest of a version before still asks for more of it.
            ALTER TABLE event_tally ADD COLUMN arrived INTEGER NOT NULL DEFAULT 0;
            UPDATE event_tally SET arrived = came;

            -- What still is to be added. Who brings events in by other ways (`created_by`) counts them at once, and so are rejected requests
            -- counted. The status is the one that they came with: the tally has what changed since.
            CREATE VIEW untallied AS
                SELECT tenant, source, iif(route = 'keep', 'received', 'queued') AS status, count(*) AS events
                FROM webhook_event
                WHERE seq > (SELECT seq FROM tally_mark) AND created_by = 'ingest' AND signature_valid = 1
                GROUP BY 1, 2, 3;

            -- For who reads: how many events stand in each status now.
            CREATE VIEW event_count AS
                SELECT tenant, source, status, sum(events) AS events, sum(arrived) AS arrived, sum(drawn) AS drawn
                FROM (
                    SELECT tenant, source, status, events, arrived, drawn FROM event_tally
                    UNION ALL
                    SELECT tenant, source, status, events, events, 0 FROM untallied)
                GROUP BY 1, 2, 3;

            -- An ingest of the version before, which goes on until it is restarted, counts what it has just stored. That stands behind the mark:
            -- it is counted from there.
            CREATE TRIGGER tally_by_rows BEFORE INSERT ON event_tally WHEN new.came > 0
            BEGIN
                INSERT INTO event_tally (tenant, source, status, events, arrived)
                    SELECT tenant, source, status, events, events FROM untallied WHERE true
                    ON CONFLICT (tenant, source, status) DO UPDATE
                    SET events = events + excluded.events, arrived = arrived + excluded.arrived;
                UPDATE tally_mark SET seq = max(seq, (SELECT coalesce(max(seq), 0) FROM webhook_event));
                SELECT RAISE(IGNORE);
            END;
            """,
        touchesKeys: false)
}
