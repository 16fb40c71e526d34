import GRDB

/// One event with all that is known of it.
enum EventDetailSQL {
    /// ?1 seq.
    static let bySequence = """
        SELECT e.*, j.id AS job_id, j.task_name, j.status AS job_status, j.attempts AS job_attempts, j.due_at, j.push_key,
            j.started_at, j.finished_at, j.http_status, j.cause, j.error AS job_error
        FROM webhook_event e LEFT JOIN job_execution j ON j.event_seq = e.seq WHERE e.seq = ?1
        """

    /// ?1 idempotency_key.
    static let sequenceByKey = "SELECT seq FROM webhook_event WHERE idempotency_key = ?1"

    static let newest = "SELECT max(seq) FROM webhook_event"

    /// Every pair of source and tenant that an event ever came for.
    static let pairs = "SELECT DISTINCT source, tenant FROM event_count ORDER BY source, tenant"

    static let all = [bySequence, sequenceByKey, newest, pairs]
}

/// An event as it is stored, with its work.
public struct StoredEvent: Sendable {
    public let sequence: Int64
    public let summary: EventSummary
    public let signatureValid: Bool
    public let sourceIP: String?
    public let userAgent: String?
    public let createdBy: String
    /// Fingerprint of the secret that verified it; nil where none did, or before it was written down.
    public let secret: String?
    public let requestID: String
    public let traceparent: String?
    public let settledAt: Timestamp?
    /// A JSON object's text.
    public let headers: Bytes
    public let rawBody: Bytes
    /// Why headers and body are not there, where they cannot be opened.
    public let unreadable: SealError?
    /// Nil for an event that is pushed nowhere.
    public let job: Job?

    public struct Job: Sendable {
        public let id: String
        public let task: String
        public let status: String
        public let attempts: Int
        /// Not before.
        public let dueAt: Timestamp
        public let pushKey: String?
        public let startedAt: Timestamp?
        public let finishedAt: Timestamp?
        public let httpStatus: Int?
        public let cause: String?
        public let error: String?
    }
}

extension EventQueries {
    /// The events that `text` names: by our id, by idempotency key, or by the provider's own id, which two tenants may both have.
    public func find(_ text: String) throws(StoreError) -> [StoredEvent] {
        try store.read { db in
            if let id = EventID(text), let event = try event(id.sequence, db), event.summary.id == text { return [event] }
            // As a key has it, and as an older version wrote it.
            let forms = text == text.keyText ? [text] : [text, text.keyText]
            let named = try Row.fetchAll(db.cachedStatement(sql: EventDetailSQL.pairs)).flatMap { pair in
                forms.map { "\(pair["source"] as String):\(pair["tenant"] as String):\($0)" }
            }
            let whole = forms.count > 1 ? [text, text.keyWithoutAddress] : [text]
            return try (whole + named).compactMap { key in
                try Int64.fetchOne(db.cachedStatement(sql: EventDetailSQL.sequenceByKey), arguments: [key])
                    .flatMap { try event($0, db) }
            }
        }
    }

    /// Whether the payload that came last cannot be opened: what searches payloads then finds nothing in them.
    public func newestIsUnreadable() throws(StoreError) -> Bool {
        try store.read { db in
            guard let last = try Int64.fetchOne(db.cachedStatement(sql: EventDetailSQL.newest)) else { return false }
            return try event(last, db)?.unreadable != nil
        }
    }

    private func event(_ sequence: Int64, _ db: Database) throws -> StoredEvent? {
        try Row.fetchOne(db.cachedStatement(sql: EventDetailSQL.bySequence), arguments: [sequence])
            .map { try StoredEvent(row: $0, store.vault) }
    }
}

extension StoredEvent {
    fileprivate init(row: Row, _ vault: Vault) throws {
        func bytes(_ column: String) throws -> Bytes { try row.withUnsafeData(named: column) { Bytes($0 ?? .init()) } }
        let (sequence, headers, body) = (row["seq"] as Int64, try bytes("headers"), try bytes("raw_body"))
        let opened = Result { () throws(SealError) in
            try vault.opened(headers: headers, body: body, sequence: sequence, source: row["source"], tenant: row["tenant"])
        }
        var unreadable: SealError?
        if case .failure(let error) = opened { unreadable = error }
        let content = (try? opened.get()) ?? (Bytes("{}".utf8), [])
        self.init(
            sequence: sequence, summary: EventSummary(row: row), signatureValid: row["signature_valid"], sourceIP: row["source_ip"],
            userAgent: row["user_agent"], createdBy: row["created_by"], secret: row["secret"], requestID: row["request_id"],
            traceparent: row["traceparent"], settledAt: row.moment("settled_at"), headers: content.0, rawBody: content.1,
            unreadable: unreadable, job: Job(row: row))
    }
}

extension StoredEvent.Job {
    fileprivate init?(row: Row) {
        guard let id: String = row["job_id"], let due = row.moment("due_at") else { return nil }
        self.init(
            id: id, task: row["task_name"], status: row["job_status"], attempts: row["job_attempts"], dueAt: due,
            pushKey: row["push_key"], startedAt: row.moment("started_at"), finishedAt: row.moment("finished_at"),
            httpStatus: row["http_status"], cause: row["cause"], error: row["job_error"])
    }
}

extension Row {
    func moment(_ column: String) -> Timestamp? { (self[column] as Int64?).map(Timestamp.init(milliseconds:)) }
}
