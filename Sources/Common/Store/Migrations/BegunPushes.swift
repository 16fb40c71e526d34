extension Migration {
    static let begunPushes = Migration(
        name: "4e begun pushes",
        sql: """
            -- Which events of a lane the push that is under way holds. Rows of one lane lie side by side, where its jobs lie far
            -- apart: a claim writes one page for a push, not one for each of its events.
            ALTER TABLE lane_job ADD COLUMN begun INTEGER NOT NULL DEFAULT 0;  -- the first event_seq of that push
            -- From here on the lane alone has the lease.
            UPDATE job_execution SET status = 'waiting', lease = NULL
                WHERE status = 'leased' AND event_seq IN (SELECT event_seq FROM lane_job);
            """)
}
