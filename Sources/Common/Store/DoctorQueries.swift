import GRDB

/// What the doctor asks of the store, and the one thing that it takes out again.
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

    /// ?1 id, ?2 event_type. Only what was pushed nowhere and has that type.
    static let removeSelfTest = """
        DELETE FROM webhook_event WHERE id = ?1 AND event_type = ?2 AND route = 'keep' AND status = 'received' RETURNING tenant, source
        """

    static let all = [quickCheck, lastWork, oldestDue, removeSelfTest]
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

    /// Takes the doctor's own event out again. False: there was none such.
    public func removeSelfTest(id: String) throws(StoreError) -> Bool {
        try write { db in
            guard let row = try Row.fetchOne(db, sql: DoctorSQL.removeSelfTest, arguments: [id, Gatepost.selfTestType]) else {
                return false
            }
            var tally = Tally()
            tally.add(-1, tenant: row["tenant"], source: row["source"], status: .received)
            try tally.write(db)
            return true
        }
    }
}

extension Gatepost {
    /// The type of the event that `gatepost doctor --self-test` sends to itself. No provider's; routes nowhere.
    public static let selfTestType = "gatepost.selftest"
}
