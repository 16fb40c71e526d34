extension Migration {
    /// Open work by lane, so that a claim meets each lane once however much stands in it, and ingest writes no index of open work.
    static let lanes = Migration(
        name: "4 delivery",
        sql: """
            -- One row for each lane that has open work.
            CREATE TABLE lane (
                id INTEGER PRIMARY KEY,
                tenant TEXT NOT NULL,
                name TEXT NOT NULL,                 -- job_execution.lane; the event's id where it has none
                due_at INTEGER NOT NULL,            -- ms: of its first event; leased, when the lease ends
                lease TEXT,                         -- the claim that holds its first push
                lost INTEGER NOT NULL DEFAULT 0 CHECK (lost >= 0),  -- leases that ended without a verdict, one after another
                UNIQUE (tenant, name)
            ) STRICT;
            CREATE INDEX lane_due ON lane (tenant, due_at, id);
            CREATE INDEX lane_lost ON lane (tenant, due_at) WHERE lost >= 2;

            -- What stands in a lane, in order of arrival. No foreign key: it would cost a second index, and a claim minds a row that is gone.
            CREATE TABLE lane_job (
                lane_id INTEGER NOT NULL,
                event_seq INTEGER NOT NULL,
                PRIMARY KEY (lane_id, event_seq)
            ) STRICT, WITHOUT ROWID;

            -- Work up to here stands in its lane. What ingest has written since, the worker lines up.
            CREATE TABLE lane_cursor (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                seq INTEGER NOT NULL
            ) STRICT;

            INSERT INTO lane_cursor (id, seq) SELECT 1, coalesce(max(event_seq), 0) FROM job_execution;
            -- A lease that a worker of the old version holds ends unsettled: its push goes again under its key.
            INSERT INTO lane (tenant, name, due_at)
                SELECT tenant, coalesce(lane, event_id), due_at FROM job_execution INDEXED BY job_due
                WHERE finished_at IS NULL ORDER BY event_seq
                ON CONFLICT (tenant, name) DO NOTHING;
            INSERT INTO lane_job (lane_id, event_seq)
                SELECT l.id, j.event_seq FROM job_execution j INDEXED BY job_due JOIN lane l ON l.tenant = j.tenant AND l.name = coalesce(j.lane, j.event_id)
                WHERE j.finished_at IS NULL;
            DROP INDEX job_due;
            DROP INDEX job_lane;
            """)
}
