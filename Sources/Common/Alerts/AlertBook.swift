import GRDB

/// Where a notice goes.
public enum AlertChannel: String, Sendable, CaseIterable { case slack, email, webhook }

/// The alerts that the store keeps, and what each channel has heard.
public struct AlertBook: Sendable {
    public struct ChannelState: Sendable, Equatable {
        /// The last notice that arrived; nil: none yet.
        public var sentAt: Timestamp?
        /// Tries that failed one after another.
        public var tries = 0
        public var dueAt = Timestamp(milliseconds: 0)
        public var error: String?

        public init() {}
    }

    private let store: Store

    public init(store: Store) { self.store = store }

    static let between: Duration = .seconds(60)
    /// How long what is over is kept.
    private static let kept: Duration = .seconds(30 * 86_400)

    /// True for the one who has to look now: once a minute, whoever asks. Asking in vain writes nothing.
    public func isTimeToLook(now: Timestamp) throws(StoreError) -> Bool {
        let before = now.milliseconds - Self.between.milliseconds
        let last = try store.read { try Int64.fetchOne($0.cachedStatement(sql: AlertSQL.lookedAt)) } ?? 0
        guard last <= before || last > now.milliseconds else { return false }
        return try store.write { db in
            try db.cachedStatement(sql: AlertSQL.look).execute(arguments: [now.milliseconds, before])
            return db.changesCount == 1
        }
    }

    /// Open ones first.
    public func all() throws(StoreError) -> [Alert] {
        try store.read { try Row.fetchAll($0.cachedStatement(sql: AlertSQL.list)).compactMap(Alert.init(row:)) }
    }

    public func write(_ alerts: [Alert], now: Timestamp) throws(StoreError) {
        guard !alerts.isEmpty else { return }
        try store.write { db in
            for alert in alerts { try db.cachedStatement(sql: AlertSQL.put).execute(arguments: alert.arguments) }
            let before = now.milliseconds - Self.kept.milliseconds
            try db.cachedStatement(sql: AlertSQL.forgetTold).execute(arguments: [before])
            try db.cachedStatement(sql: AlertSQL.forget).execute(arguments: [before])
        }
    }

    public func told(_ channel: AlertChannel) throws(StoreError) -> [AlertKey: AlertTold] {
        try store.read { db in
            let rows = try Row.fetchAll(db.cachedStatement(sql: AlertSQL.told), arguments: [channel.rawValue])
            return Dictionary(rows.compactMap { row in AlertKey(row: row).map { ($0, AlertTold(row: row)) } }) { first, _ in first }
        }
    }

    public func channels() throws(StoreError) -> [AlertChannel: ChannelState] {
        try store.read { db in
            let rows = try Row.fetchAll(db.cachedStatement(sql: AlertSQL.channels))
            return Dictionary(rows.compactMap { row in AlertChannel(rawValue: row["channel"]).map { ($0, ChannelState(row: row)) } }) {
                first, _ in first
            }
        }
    }

    /// Writes down that a channel has heard them.
    public func arrived(_ notices: [AlertNotice], by channel: AlertChannel, now: Timestamp) throws(StoreError) {
        try store.write { db in
            for notice in notices {
                let (key, condition) = (notice.alert.key, notice.alert.condition)
                try db.cachedStatement(sql: AlertSQL.tell).execute(arguments: [
                    channel.rawValue, key.kind.rawValue, key.subject, notice.alert.state.rawValue, now.milliseconds, condition.count,
                    condition.newest?.milliseconds,
                ])
            }
            try db.cachedStatement(sql: AlertSQL.sent).execute(arguments: [channel.rawValue, now.milliseconds])
        }
    }

    /// Writes down that a channel could not be reached; everything is kept for its next try.
    public func failed(_ channel: AlertChannel, _ state: ChannelState?, error: String, now: Timestamp) throws(StoreError) {
        let tries = (state?.tries ?? 0) + 1
        try store.write { db in
            try db.cachedStatement(sql: AlertSQL.failed)
                .execute(arguments: [
                    channel.rawValue, tries, (now + AlertBackoff.delay(after: tries)).milliseconds, String(error.prefix(300)),
                ])
        }
    }
}

extension AlertKey {
    fileprivate init?(row: Row) {
        guard let kind = AlertKind(rawValue: row["kind"]) else { return nil }
        self.init(kind, row["subject"])
    }
}

extension Alert {
    fileprivate init?(row: Row) {
        guard let key = AlertKey(row: row) else { return nil }
        self.init(
            state: State(rawValue: row["state"]) ?? .resolved,
            condition: AlertCondition(
                key: key, since: Timestamp(milliseconds: row["first_at"]), count: row["count"], newest: row.moment("newest"),
                what: row["what"], fix: row["fix"], next: row["next"], example: row["example"]),
            lastAt: Timestamp(milliseconds: row["last_at"]))
    }

    fileprivate var arguments: StatementArguments {
        [
            key.kind.rawValue, key.subject, state.rawValue, condition.since.milliseconds, lastAt.milliseconds, condition.count,
            condition.newest?.milliseconds, condition.what, condition.fix, condition.next, condition.example,
        ]
    }
}

extension AlertTold {
    fileprivate init(row: Row) {
        self.init(
            state: Alert.State(rawValue: row["state"]) ?? .resolved, at: Timestamp(milliseconds: row["at"]), count: row["count"],
            newest: row.moment("newest"))
    }
}

extension AlertBook.ChannelState {
    fileprivate init(row: Row) {
        sentAt = row.moment("sent_at")
        tries = row["tries"]
        dueAt = Timestamp(milliseconds: row["due_at"])
        error = row["error"]
    }
}
