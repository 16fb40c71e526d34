import GRDB
import GRDBSQLite

/// Takes work under leases and settles it. Several processes may do so at once: each lane is one's at a time, and what a dead one held
/// goes again when its lease ends.
public struct JobQueue: Sendable {
    let store: Store

    /// Tenants without one are live.
    public var cutovers: [TenantName: Cutover] = [:]

    public init(store: Store) { self.store = store }

    /// Of the same store.
    public var pauses: Pauses { Pauses(store: store) }

    /// Of the store's write-ahead log.
    public var writeAheadLogBytes: Int { store.writeAheadLogBytes }

    public var purge: Purge { Purge(store: store) }

    public var circuits: CircuitBoard { CircuitBoard(store: store) }

    /// Events in one step of lining up: others wait for the lock some milliseconds.
    private static let mostArrivals = 5000

    /// Puts what ingest has written since the last time into its lanes, in order of arrival: one step of bounded size.
    /// - Returns: whether there was anything.
    @discardableResult
    public func lineUp() throws(StoreError) -> Bool {
        guard try store.read({ try Self.arrivals($0) }) != nil else { return false }
        return try store.writeInTurn(soon: true) { try Self.lineUp($0) }
    }

    private static func lineUp(_ db: Database) throws -> Bool {
        guard let last = try arrivals(db) else { return false }
        for sql in [LaneSQL.openLanes, LaneSQL.lineUp, LaneSQL.moveCursor] {
            try db.cachedStatement(sql: sql).execute(arguments: [last])
        }
        return true
    }

    private static func arrivals(_ db: Database) throws -> Int64? {
        try Int64.fetchOne(db.cachedStatement(sql: LaneSQL.arrivals), arguments: [mostArrivals])
    }

    /// Tenants that have something due.
    public func dueTenants(now: Timestamp) throws(StoreError) -> [String] {
        try store.read { try String.fetchAll($0.cachedStatement(sql: LaneSQL.dueTenants), arguments: [now.milliseconds]) }
    }

    /// How long a lane is left alone whose next event was sealed with a key that we do not have.
    static let untilKeyIsBack: Duration = .seconds(300)

    /// What one claim may hold.
    public struct Limits: Sendable {
        public var items: Int
        /// Of raw bodies; the first push is taken whatever its size. They stand in memory but once, as they came or as they go, and those of
        /// each request on its way beside them.
        public var bytes: Int

        public init(items: Int, bytes: Int = 2 << 20) {
            self.items = items
            self.bytes = bytes
        }
    }

    /// Takes one push that workers have died on, by itself. `claim` leaves those alone.
    public func claimSuspect(
        tenant: TenantName, lease: String, until: Timestamp, now: Timestamp
    ) throws(StoreError) -> ClaimedPush? {
        try pass(tenant, Limits(items: 1), from: LaneSQL.suspect, lease: lease, until: until, now: now).pushes.first
    }

    /// Takes the next pushes of one tenant, at most one of each lane, so that no later event overtakes an earlier one.
    /// - Parameters:
    ///   - lease: the claim's own name, never used before.
    ///   - until: when somebody else may take the lanes, should we die.
    public func claim(
        tenant: TenantName, limits: Limits, lease: String, until: Timestamp, now: Timestamp
    ) throws(StoreError) -> [ClaimedPush] {
        while true {
            let (pushes, looked) = try pass(tenant, limits, from: LaneSQL.due, lease: lease, until: until, now: now)
            // Lanes that were paused are out of the way now: behind them others may be due.
            if !pushes.isEmpty || looked < limits.items { return pushes }
        }
    }

    /// One transaction. It is on disk before anything is sent: whoever sends again after the power has gone must send the same under the
    /// same key.
    /// - Returns: and how many lanes it looked at.
    private func pass(
        _ tenant: TenantName, _ limits: Limits, from sql: String, lease: String, until: Timestamp, now: Timestamp
    ) throws(StoreError) -> (pushes: [ClaimedPush], looked: Int) {
        try store.write { db in
            _ = try Self.lineUp(db)
            let pauses = try Pauses.all(db).filter { $0.holds(tenant: tenant) }
            guard !pauses.contains(where: \.holdsAll) else { return ([], 0) }
            let lanes = try Int64.fetchAll(
                db.cachedStatement(sql: sql),
                arguments: [tenant.description, now.milliseconds] + (sql == LaneSQL.due ? [limits.items] : []))
            let taking = try Taking(
                db, store.vault, tenant: tenant, pauses: pauses, cutover: cutovers[tenant] ?? Cutover(), lease: lease, until: until,
                now: now)
            var pushes: [ClaimedPush] = []
            var room = limits.bytes
            for lane in lanes {
                guard let (push, bytes) = try taking.push(of: lane, room: pushes.isEmpty ? nil : room) else { break }
                guard let push else { continue }
                room -= bytes
                pushes.append(push)
                if push.attempts > 0 { break }
            }
            return (pushes, lanes.count)
        }
    }
}

/// One claim's transaction.
private struct Taking {
    private let db: Database
    private let vault: Vault
    private let tenant: TenantName
    private let pauses: [Pauses.Pause]
    private let cutover: Cutover
    private let lease: String
    private let until, now: Timestamp

    init(
        _ db: Database, _ vault: Vault, tenant: TenantName, pauses: [Pauses.Pause], cutover: Cutover, lease: String, until: Timestamp,
        now: Timestamp
    ) throws {
        self.db = db
        self.vault = vault
        self.tenant = tenant
        self.pauses = pauses
        self.cutover = cutover
        self.lease = lease
        self.until = until
        self.now = now
    }

    /// - Parameter room: bytes that are left; nil: whatever it weighs.
    /// - Returns: nil where the push has no room; no push where nothing stands in the lane any more, or not in
    ///   company.
    func push(of lane: Int64, room: Int?) throws -> (ClaimedPush?, bytes: Int)? {
        do { return try openedPush(of: lane, room: room) } catch SealError.noKey {
            // It waits for its key, and nobody waits for it but what comes behind it in its lane.
            try db.cachedStatement(sql: LaneSQL.postpone).execute(arguments: [lane, (now + JobQueue.untilKeyIsBack).milliseconds])
            return (nil, 0)
        }
    }

    private func openedPush(of lane: Int64, room: Int?) throws -> (ClaimedPush?, bytes: Int)? {
        guard let (head, events, bytes) = try plan(lane, room: room) else {
            try db.cachedStatement(sql: LaneSQL.close).execute(arguments: [lane])
            return (nil, 0)
        }
        guard !pauses.contains(where: { $0.holds(head) }) else {
            try db.cachedStatement(sql: PauseSQL.park).execute(arguments: [lane])
            return (nil, 0)
        }
        guard !events.isEmpty else { return nil }
        // What has failed goes by itself from then on: should it be what makes WordPress fail, nobody fails with it twice.
        guard head.attempts == 0 || room == nil else { return (nil, 0) }
        let known = head.pushKey.flatMap { $0.hasPrefix(PendingJob.unwrittenKey) ? nil : $0 }
        let key = known ?? Coalescing.key(of: events.map(\.id))
        // What the cutover keeps is not sent: it may be folded another way the next time.
        if head.pushKey == nil, mode(head) == .live, let last = events.last {
            try db.cachedStatement(sql: LaneSQL.begin).execute(arguments: [lane, head.sequence, last.sequence])
        }
        let lost = try Int.fetchOne(db.cachedStatement(sql: LaneSQL.take), arguments: [lane, until.milliseconds, lease])
        return (
            ClaimedPush(
                key: key, route: head.route, tenant: tenant, lane: lane, attempts: head.attempts, lost: lost ?? 0, mode: mode(head),
                claimedAt: now, wasSent: head.pushKey != nil, events: events), bytes
        )
    }

    private func mode(_ job: PendingJob) -> Cutover.Mode {
        cutover.mode(tenant: tenant.description, source: job.source, type: job.eventType, lane: job.lane ?? job.eventID)
    }

    /// Reads the lane from its front as far as the push goes and one event further; of a push that was begun, until all of it is found.
    /// No events where they have no room.
    private func plan(_ lane: Int64, room: Int?) throws -> (head: PendingJob, events: [ClaimedPush.Event], bytes: Int)? {
        let statement = try db.cachedStatement(sql: JobSQL.lane)
        let rows = try Row.fetchCursor(statement, arguments: [lane])
        var plan: PushPlan?
        var events: [ClaimedPush.Event] = []
        var last: Int64?
        while let row = try rows.next() {
            let job = try PendingJob(row: row)
            var next = plan ?? PushPlan(head: job)
            // What went under one key goes again whole, whatever has come to stand between, and whatever the cutover says of it by now.
            if let key = next.head.pushKey {
                guard next.takes(job) else {
                    if Coalescing.key(of: events.map(\.id)) == key { break }
                    if last == nil { last = try lastMember(of: key, in: lane) }
                    guard job.sequence < last ?? 0 else { break }
                    continue
                }
            } else {
                guard plan == nil || mode(job) == mode(next.head), next.takes(job) else { break }
            }
            plan = next
            if let room, next.bytes > room { return (next.head, [], next.bytes) }
            events.append(try ClaimedPush.Event(job, row: row, of: statement, tenant: tenant, vault))
        }
        return plan.map { ($0.head, events, $0.bytes) }
    }

    /// Which event of the lane is the last of a push that was on its way before, and whose next event is not known to be of it.
    private func lastMember(of key: String, in lane: Int64) throws -> Int64? {
        let begun = key.hasPrefix(PendingJob.unwrittenKey) ? Int64(key.dropFirst(PendingJob.unwrittenKey.count)) : nil
        return try Int64.fetchOne(db.cachedStatement(sql: LaneSQL.lastMember), arguments: [lane, begun ?? -1, key])
    }
}

extension ClaimedPush.Event {
    /// - Parameter statement: whose row it is.
    fileprivate init(_ job: PendingJob, row: Row, of statement: Statement, tenant: TenantName, _ vault: Vault) throws {
        // GRDB would wrap them in `Data`, and a `Data` costs more than its bytes.
        func bytes(_ column: Int) -> Bytes {
            let start = sqlite3_column_blob(statement.sqliteStatement, Int32(column))
            return Bytes(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement.sqliteStatement, Int32(column)))))
        }
        var (headers, body) = (bytes(LaneColumn.headers), bytes(LaneColumn.rawBody))
        var isTampered = false
        do throws(SealError) {
            (headers, body) = try vault.opened(
                headers: headers, body: body, sequence: job.sequence, source: job.source, tenant: tenant.description)
        } catch .tampered {
            (headers, body, isTampered) = (Bytes("{}".utf8), [], true)
        }
        self.init(
            sequence: job.sequence, id: job.eventID, source: job.source, type: job.eventType,
            receivedAt: Timestamp(milliseconds: row[LaneColumn.receivedAt]), traceparent: row[LaneColumn.traceparent],
            headers: HeaderFields(json: headers), rawBody: body, isTampered: isTampered,
            requestID: row[LaneColumn.requestID])
        if let moment: Int64 = row[LaneColumn.occurredAt] { occurredAt = Timestamp(milliseconds: moment) }
    }
}
