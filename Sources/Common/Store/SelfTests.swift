import GRDB

enum SelfTestSQL {
    /// ?1 id, ?2 event_type. Its push is WordPress's business from now on.
    static let open = """
        UPDATE webhook_event SET route = 'order-event', status = 'queued'
        WHERE id = ?1 AND event_type = ?2 AND route = 'keep' AND status = 'received' RETURNING seq, tenant, source
        """

    /// ?1 seq. Whether the worker has lined up what came after it: then it does not come by this one again.
    static let isPassedBy = "SELECT seq >= ?1 FROM lane_cursor"

    /// ?1 id, ?2 event_type.
    static let standing = """
        SELECT e.status, j.status AS job, j.cause, j.error, m.mode FROM webhook_event e
            LEFT JOIN job_execution j ON j.event_seq = e.seq LEFT JOIN mirror m ON m.event_seq = e.seq
        WHERE e.id = ?1 AND e.event_type = ?2
        """

    /// ?1 id, ?2 event_type. Before its job goes.
    static let forgetTries = """
        DELETE FROM attempt WHERE push_key IN (SELECT j.push_key FROM job_execution j JOIN webhook_event e ON e.seq = j.event_seq
            WHERE e.id = ?1 AND e.event_type = ?2)
        """

    /// ?1 id, ?2 event_type. It stands alone in a lane that has its name; the next claim closes that.
    static let leaveLane = """
        DELETE FROM lane_job WHERE (lane_id, event_seq) IN (SELECT l.id, e.seq FROM webhook_event e
            JOIN lane l ON l.tenant = e.tenant AND l.name = e.id WHERE e.id = ?1 AND e.event_type = ?2)
        """

    /// ?1 id, ?2 event_type. Takes job and nonce with it.
    static let remove = "DELETE FROM webhook_event WHERE id = ?1 AND event_type = ?2 RETURNING tenant, source, status"

    static let all = [open, isPassedBy, standing, forgetTries, leaveLane, remove]
}

/// The doctor's own event, which has come in as `keep`, on its way to WordPress and out again.
public struct SelfTests: Sendable {
    public enum Standing: Sendable, Equatable {
        /// No worker has tried it yet.
        case waits
        /// It was tried, and will be again.
        case failed(cause: String, text: String)
        /// It will not be tried again.
        case dead(cause: String, text: String)
        /// The cutover keeps it.
        case kept(Cutover.Mode)
        case delivered
    }

    private let store: Store

    public init(store: Store) { self.store = store }

    /// Has it pushed with the worker's next run. False: there is none such, or it is on its way.
    public func push(id: String, jobID: String, now: Timestamp) throws(StoreError) -> Bool {
        try store.write { db in
            try Untallied.tallyRows(db)
            guard let row = try Row.fetchOne(db, sql: SelfTestSQL.open, arguments: [id, Gatepost.selfTestType]) else { return false }
            let (sequence, tenant): (Int64, String) = (row["seq"], row["tenant"])
            try db.execute(
                sql: EventSQL.enqueue, arguments: [sequence, jobID, id, Route.orderEvent.rawValue, tenant, nil, now.milliseconds])
            if try Bool.fetchOne(db, sql: SelfTestSQL.isPassedBy, arguments: [sequence]) == true { try Lane.rejoin(sequence, due: now, db) }
            var tally = Tally()
            tally.move(tenant: tenant, source: row["source"], from: .received, to: .queued)
            try tally.write(db)
            return true
        }
    }

    /// Nil: it is not there.
    public func standing(id: String) throws(StoreError) -> Standing? {
        try store.read { db in
            guard let row = try Row.fetchOne(db, sql: SelfTestSQL.standing, arguments: [id, Gatepost.selfTestType]) else { return nil }
            let (status, job): (String, String?) = (row["status"], row["job"])
            if let mode = (row["mode"] as String?).flatMap(Cutover.Mode.init(rawValue:)) { return .kept(mode) }
            if status == EventStatus.processed.rawValue { return .delivered }
            guard let cause = row["cause"] as String? else { return .waits }
            let text = row["error"] as String? ?? ""
            return job == "dead" ? .dead(cause: cause, text: text) : .failed(cause: cause, text: text)
        }
    }

    /// Takes it out again, wherever it stands. False: there was none such.
    public func remove(id: String) throws(StoreError) -> Bool {
        try store.write { db in
            let place: StatementArguments = [id, Gatepost.selfTestType]
            try Untallied.tallyRows(db)
            for sql in [SelfTestSQL.forgetTries, SelfTestSQL.leaveLane] { try db.execute(sql: sql, arguments: place) }
            guard let row = try Row.fetchOne(db, sql: SelfTestSQL.remove, arguments: place) else { return false }
            var tally = Tally()
            if let status = EventStatus(rawValue: row["status"]) {
                tally.add(-1, tenant: row["tenant"], source: row["source"], status: status)
            }
            try tally.write(db)
            return true
        }
    }
}

extension Gatepost {
    /// The type of the event that `gatepost doctor --self-test` sends to itself. No provider's; routes nowhere.
    public static let selfTestType = "gatepost.selftest"
}
