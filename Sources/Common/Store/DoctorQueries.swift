import GRDB

/// What the doctor asks of the store.
enum DoctorSQL {
    /// Structure of every page, without the comparison of indexes that integrity_check makes.
    static let quickCheck = "PRAGMA quick_check(5)"

    /// When the worker was last at work, among the newest events.
    static let lastWork = """
        SELECT max(coalesce(finished_at, started_at))
        FROM (SELECT finished_at, started_at FROM job_execution ORDER BY event_seq DESC LIMIT 1000)
        """

    /// Since when the longest waiting work could have been done.
    static let oldestDue = "SELECT min(due_at) FROM job_execution WHERE finished_at IS NULL"

    static let all = [quickCheck, lastWork, oldestDue]
}

extension Store {
    /// What is wrong with the file's structure; empty: nothing.
    public func quickCheck() throws(StoreError) -> [String] {
        try read { db in try String.fetchAll(db, sql: DoctorSQL.quickCheck).filter { $0 != "ok" } }
    }

    /// When the worker last did something, and since when something is due that nobody has done.
    public func workTimes() throws(StoreError) -> (last: Timestamp?, oldestDue: Timestamp?) {
        try read { db in
            let times = try [DoctorSQL.lastWork, DoctorSQL.oldestDue].map { try Int64.fetchOne(db, sql: $0) }
            return (times[0].map(Timestamp.init(milliseconds:)), times[1].map(Timestamp.init(milliseconds:)))
        }
    }
}
