import GRDB

/// One push: events that go to WordPress as one item, under one key.
public struct ClaimedPush: Sendable {
    public struct Event: Sendable {
        public let sequence: Int64
        public let id: String
        public let source: String
        public let type: String
        public let receivedAt: Timestamp
        public let traceparent: String?
        /// As stored: without credentials.
        public let headers: HeaderFields
        public let rawBody: Bytes
    }

    public let key: String
    public let route: Route
    public let tenant: TenantName
    public let lane: String?
    /// Tries that were answered before.
    public let attempts: Int
    /// In order of arrival, at least one.
    public let events: [Event]
}

/// What became of a push.
public enum Verdict: Sendable, Equatable {
    case done(httpStatus: Int)
    /// - countsTry: false where nobody asked WordPress, or it asked for patience.
    case retry(at: Timestamp, countsTry: Bool, failure: PushFailure)
    case dead(PushFailure)
}

/// Why a push did not succeed.
public struct PushFailure: Sendable, Equatable {
    /// Root-cause tag, a word an operator can search for.
    public let cause: String
    public let text: String
    public let httpStatus: Int?

    /// What others write goes into every event's row and into the log.
    static let mostText = 500

    public init(cause: String, text: String, httpStatus: Int? = nil) {
        self.cause = String(cause.prefix(100))
        self.text = String(text.prefix(Self.mostText))
        self.httpStatus = httpStatus
    }
}

/// Takes work under leases and settles it. Several processes may do so at once: each row is one's at a time, and what a dead one held
/// goes again when its lease ends.
public struct JobQueue: Sendable {
    private let store: Store

    public init(store: Store) { self.store = store }

    /// Tenants that have something due.
    public func dueTenants(now: Timestamp) throws(StoreError) -> [String] {
        try store.read { try String.fetchAll($0.cachedStatement(sql: JobSQL.dueTenants), arguments: [now.milliseconds]) }
    }

    /// What one claim may hold.
    public struct Limits: Sendable {
        public var items: Int
        /// Of raw bodies; the first push is taken whatever its size.
        public var bytes: Int

        public init(items: Int, bytes: Int = 4 << 20) {
            self.items = items
            self.bytes = bytes
        }
    }

    /// Takes the next pushes of one tenant, at most one of each person's, so that no later event overtakes an earlier one.
    /// - Parameters:
    ///   - lease: the claim's own name, never used before.
    ///   - until: when somebody else may take the rows, should we die.
    public func claim(
        tenant: TenantName, limits: Limits, lease: String, until: Timestamp, now: Timestamp
    ) throws(StoreError) -> [ClaimedPush] {
        try store.write { db in
            var pushes: [ClaimedPush] = []
            var bytes = 0
            for jobs in try plan(tenant, limits: limits, now: now, db) {
                let size = jobs.reduce(0) { $0 + $1.bytes }
                guard pushes.isEmpty || bytes + size <= limits.bytes else { break }
                bytes += size
                let key = jobs[0].pushKey ?? Coalescing.key(of: jobs.map(\.eventID))
                for job in jobs {
                    try db.cachedStatement(sql: JobSQL.lease)
                        .execute(arguments: [job.sequence, lease, until.milliseconds, key, now.milliseconds])
                }
                pushes.append(
                    ClaimedPush(
                        key: key, route: jobs[0].route, tenant: tenant, lane: jobs[0].lane, attempts: jobs[0].attempts,
                        events: try jobs.compactMap { try content(of: $0, db) }))
            }
            return pushes
        }
    }

    /// Groups of jobs, each to become one push. Lanes whose first push is under way or waits are held back.
    private func plan(_ tenant: TenantName, limits: Limits, now: Timestamp, _ db: Database) throws -> [[PendingJob]] {
        let window = limits.items * 4
        var groups: [[PendingJob]] = []
        for _ in 0..<Self.mostPasses {
            groups = []
            var seen: Set<String> = []
            var held = false
            let due = try Row.fetchAll(
                db.cachedStatement(sql: JobSQL.due), arguments: [tenant.description, now.milliseconds, window]
            ).map(PendingJob.init(row:))
            for candidate in due where groups.count < limits.items {
                guard let lane = candidate.lane else {
                    groups.append([candidate])
                    continue
                }
                guard seen.insert(lane).inserted else { continue }
                switch try nextPush(of: lane, tenant, now: now, db) {
                case let jobs?: groups.append(jobs)
                case nil: held = true
                }
            }
            // Held lanes are out of the way now: behind them others may be due.
            if groups.count == limits.items || due.count < window || !held { break }
        }
        return groups
    }

    /// Looks at the window in one claim. Each holds lanes that stood in it; the next claim goes on where this one ends.
    private static let mostPasses = 8

    /// What of one person's work goes next; nil where it has to wait, and then it is not due any more.
    private func nextPush(of lane: String, _ tenant: TenantName, now: Timestamp, _ db: Database) throws -> [PendingJob]? {
        let rows = try Row.fetchAll(
            db.cachedStatement(sql: JobSQL.lane), arguments: [tenant.description, lane, Coalescing.mostEvents + 1])
        let jobs = try rows.map(PendingJob.init(row:))
        guard let head = jobs.first, head.dueAt <= now else {
            let until = jobs.first?.dueAt ?? now
            try db.cachedStatement(sql: JobSQL.holdLane).execute(arguments: [
                tenant.description, lane, until.milliseconds, now.milliseconds,
            ])
            return nil
        }
        return Array(jobs.prefix(Coalescing.nextPush(from: jobs)))
    }

    private func content(of job: PendingJob, _ db: Database) throws -> ClaimedPush.Event? {
        try Row.fetchOne(db.cachedStatement(sql: JobSQL.content), arguments: [job.sequence]).map { row in
            let raw: Bytes = try row.withUnsafeData(named: "raw_body") { Bytes($0 ?? .init()) }
            return ClaimedPush.Event(
                sequence: job.sequence, id: row["id"], source: row["source"], type: row["event_type"],
                receivedAt: Timestamp(milliseconds: row["received_at"]), traceparent: row["traceparent"],
                headers: HeaderFields(json: row["headers"]), rawBody: raw)
        }
    }

    /// Writes down what became of pushes of one claim, in one transaction.
    /// - Returns: how many events were no longer ours: their lease had ended and somebody else took them.
    @discardableResult
    public func settle(_ verdicts: [(push: ClaimedPush, verdict: Verdict)], lease: String, now: Timestamp) throws(StoreError) -> Int {
        try store.write { db in
            var tally = Tally()
            var lost = 0
            for (push, verdict) in verdicts {
                var settled = false
                for event in push.events {
                    guard try settleJob(event.sequence, verdict, lease: lease, now: now, db) else {
                        lost += 1
                        continue
                    }
                    try mark(event.sequence, verdict, now: now, &tally, db)
                    settled = true
                }
                if settled, verdict.isFinal, let lane = push.lane {
                    try db.cachedStatement(sql: JobSQL.releaseLane)
                        .execute(arguments: [push.tenant.description, lane, now.milliseconds])
                }
            }
            try tally.write(db)
            return lost
        }
    }

    private func settleJob(_ sequence: Int64, _ verdict: Verdict, lease: String, now: Timestamp, _ db: Database) throws -> Bool {
        switch verdict {
        case .done(let status):
            try db.cachedStatement(sql: JobSQL.finish)
                .execute(arguments: [sequence, lease, "done", now.milliseconds, status, nil, nil, 1])
        case .dead(let failure):
            try db.cachedStatement(sql: JobSQL.finish)
                .execute(arguments: [
                    sequence, lease, "dead", now.milliseconds, failure.httpStatus, failure.cause, failure.text, 1,
                ])
        case .retry(let due, let countsTry, let failure):
            try db.cachedStatement(sql: JobSQL.retryLater)
                .execute(arguments: [
                    sequence, lease, due.milliseconds, failure.httpStatus, failure.cause, failure.text, countsTry ? 1 : 0,
                ])
        }
        return db.changesCount == 1
    }

    private func mark(_ sequence: Int64, _ verdict: Verdict, now: Timestamp, _ tally: inout Tally, _ db: Database) throws {
        let (status, error): (EventStatus, String?) =
            switch verdict {
            case .done: (.processed, nil)
            case .dead(let failure): (.failed, failure.description)
            case .retry(_, _, let failure): (.queued, failure.description)
            }
        let settled = verdict.isFinal ? now.milliseconds : nil
        let row = try Row.fetchOne(
            db.cachedStatement(sql: JobSQL.mark), arguments: [sequence, status.rawValue, error, settled])
        if let row, status != .queued { tally.move(tenant: row["tenant"], source: row["source"], from: .queued, to: status) }
    }
}

extension Verdict {
    var isFinal: Bool { if case .retry = self { false } else { true } }
}

extension PushFailure: CustomStringConvertible {
    public var description: String { "\(cause): \(text)" }
}
