import GRDB

/// Events that will not be pushed again unless somebody says so.
public struct DeadLetters: Sendable {
    let store: Store

    public init(store: Store) { self.store = store }

    /// Which of them. What is nil does not matter.
    public struct Filter: Sendable, Equatable {
        public var tenant: TenantName?
        public var source: SourceName?
        public var cause: String?

        public init(tenant: TenantName? = nil, source: SourceName? = nil, cause: String? = nil) {
            self.tenant = tenant
            self.source = source
            self.cause = cause
        }

        var arguments: StatementArguments { [tenant?.description, source?.description, cause] }
    }

    public struct Letter: Sendable, Equatable {
        /// Its row.
        public let sequence: Int64
        public let id: String
        public let tenant: String
        public let source: String
        public let type: String
        public let route: String
        public let receivedAt: Timestamp
        public let diedAt: Timestamp
        public let attempts: Int
        public let httpStatus: Int?
        public let cause: String
        public let error: String?
    }

    /// Who died first comes first.
    public func list(_ filter: Filter, limit: Int) throws(StoreError) -> [Letter] {
        try store.read { db in
            try Row.fetchAll(db.cachedStatement(sql: DeadLettersSQL.list), arguments: filter.arguments + [limit]).map(Letter.init(row:))
        }
    }

    /// How many of each cause, the most frequent first. Looks at every dead letter.
    public func causes(_ filter: Filter) throws(StoreError) -> [(cause: String, events: Int)] {
        try store.read { db in
            try Row.fetchAll(db.cachedStatement(sql: DeadLettersSQL.causes), arguments: filter.arguments)
                .map { ($0["cause"], $0["events"]) }
        }
    }

    /// The same of no more than so many dead letters, those that died first.
    public func causes(_ filter: Filter, mostLookedAt: Int) throws(StoreError) -> [(cause: String, events: Int)] {
        try store.read { db in
            try Row.fetchAll(db.cachedStatement(sql: DeadLettersSQL.firstCauses), arguments: filter.arguments + [mostLookedAt])
                .map { ($0["cause"], $0["events"]) }
        }
    }

    /// Row numbers in order of arrival.
    public func sequences(_ filter: Filter) throws(StoreError) -> [Int64] {
        try store.read { try Int64.fetchAll($0.cachedStatement(sql: DeadLettersSQL.sequences), arguments: filter.arguments) }
    }

    /// Events in one transaction: others wait for the lock a few milliseconds, not seconds.
    static let mostAtOnce = 500

    /// Makes dead letters wait again with all their tries before them. They go in order of arrival; one whose person's push is under
    /// way waits for that. What went out under one key goes under it again, all of it.
    /// - Parameter sequences: row numbers, in any order. Those that are no dead letters any more are left alone.
    /// - Returns: how many wait now; what has no payload any more stays as it is.
    public func retry(_ sequences: [Int64], now: Timestamp) throws(StoreError) -> Int {
        let ordered = sequences.sorted()
        var revived = 0
        for start in stride(from: 0, to: ordered.count, by: Self.mostAtOnce) {
            let some = ordered[start..<min(start + Self.mostAtOnce, ordered.count)]
            revived += try store.writeInTurn { db in
                var tally = Tally()
                let count = try some.reduce(0) { try $0 + revivePush(of: $1, now: now, &tally, db) }
                try tally.write(db, at: now)
                return count
            }
        }
        return revived
    }

    /// These, and the dead letters that went out under the same keys: what is done with one is done with all of its push.
    public func wholePushes(of sequences: [Int64]) throws(StoreError) -> [Int64] {
        try store.read { db in try Set(sequences.flatMap { try Self.members(ofPushOf: $0, db) }).sorted() }
    }

    static func members(ofPushOf sequence: Int64, _ db: Database) throws -> [Int64] {
        try Int64.fetchAll(db.cachedStatement(sql: DeadLettersSQL.pushMembers), arguments: [sequence])
    }

    /// How many of them retention has taken the payload of: there is nothing left to push.
    public func emptied(_ sequences: [Int64]) throws(StoreError) -> Int { sequences.count - (try pushable(sequences)).count }

    /// Those that have their payload, in the same order.
    public func pushable(_ sequences: [Int64]) throws(StoreError) -> [Int64] {
        try store.read { db in
            try sequences.filter { !(try Bool.fetchOne(db.cachedStatement(sql: ReplaySQL.isEmpty), arguments: [$0]) ?? false) }
        }
    }

    private func revivePush(of sequence: Int64, now: Timestamp, _ tally: inout Tally, _ db: Database) throws -> Int {
        let members = try Row.fetchAll(db.cachedStatement(sql: DeadLettersSQL.pushMembers), arguments: [sequence])
        let pushable = members.filter { $0["has_payload"] }
        if let key: String = members.first?["push_key"], key.hasPrefix("group-"), Coalescing.key(of: pushable.map { $0["event_id"] }) != key
        {
            // Retention has taken some of what was folded: the rest goes each for itself.
            try db.cachedStatement(sql: RegroupingSQL.dead).execute(arguments: [key, members[0]["tenant"] as String])
        }
        return try pushable.reduce(0) { try $0 + (revive($1["event_seq"], now: now, &tally, db) ? 1 : 0) }
    }

    private func revive(_ sequence: Int64, now: Timestamp, _ tally: inout Tally, _ db: Database) throws -> Bool {
        try db.cachedStatement(sql: JobSQL.revive).execute(arguments: [sequence, now.milliseconds])
        guard db.changesCount == 1 else { return false }
        try Lane.rejoin(sequence, due: now, db)
        let row = try Row.fetchOne(db.cachedStatement(sql: JobSQL.requeue), arguments: [sequence])
        if let row { tally.move(tenant: row["tenant"], source: row["source"], from: .failed, to: .queued) }
        return true
    }
}

extension DeadLetters.Letter {
    init(row: Row) {
        self.init(
            sequence: row["event_seq"], id: row["id"], tenant: row["tenant"], source: row["source"], type: row["event_type"],
            route: row["task_name"],
            receivedAt: Timestamp(milliseconds: row["received_at"]), diedAt: Timestamp(milliseconds: row["finished_at"]),
            attempts: row["attempts"], httpStatus: row["http_status"], cause: row["cause"] ?? "unknown", error: row["error"])
    }
}
