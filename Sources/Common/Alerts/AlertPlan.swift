/// What a channel was told of an alert last.
public struct AlertTold: Sendable, Equatable {
    public var state: Alert.State
    public var at: Timestamp
    public var count: Int
    public var newest: Timestamp?
}

/// One alert that a channel has to hear of.
public struct AlertNotice: Sendable, Equatable {
    public enum Reason: String, Sendable {
        case opened
        /// More of it came since the last notice.
        case more
        /// It goes on without any news.
        case reminder
        case recovered
    }

    public let reason: Reason
    public let alert: Alert
    /// At the last notice; nil where there was none.
    public let countBefore: Int?
}

/// From what is wrong now to what changed, and to who has to hear of it. Reads no clock.
public enum AlertPlan {
    /// - Parameter known: every alert that the store has.
    /// - Returns: those that have to be written: open ones as they are now, and ones that are over.
    public static func update(_ known: [Alert], with conditions: [AlertCondition], now: Timestamp) -> [Alert] {
        let open = Dictionary(known.filter { $0.state == .open }.map { ($0.key, $0) }) { first, _ in first }
        let holding = conditions.map { condition in
            var condition = condition
            condition.since = min(condition.since, open[condition.key]?.condition.since ?? now, now)
            return Alert(state: .open, condition: condition, lastAt: now)
        }
        let held = Set(conditions.map(\.key))
        let over = open.values.filter { !held.contains($0.key) }.map { Alert(state: .resolved, condition: $0.condition, lastAt: now) }
        return (holding + over).sorted { $0.key < $1.key }
    }

    /// What one channel has to hear now: of each alert when it begins and when it is over, in between at most once in `debounce`.
    /// - Parameter told: what it heard last.
    public static func notices(
        of alerts: [Alert], told: [AlertKey: AlertTold], debounce: Duration, now: Timestamp
    ) -> [AlertNotice] {
        alerts.sorted { $0.key < $1.key }.compactMap { alert in
            let before = told[alert.key]
            return reason(alert, before, debounce, now).map { AlertNotice(reason: $0, alert: alert, countBefore: before?.count) }
        }
    }

    private static func reason(_ alert: Alert, _ told: AlertTold?, _ debounce: Duration, _ now: Timestamp) -> AlertNotice.Reason? {
        guard let told else { return alert.state == .open ? .opened : nil }
        switch (told.state, alert.state) {
        case (.open, .resolved): return .recovered
        case (.resolved, .resolved): return nil
        case (.resolved, .open): return hasPassed(debounce, since: told.at, now) ? .opened : nil
        case (.open, .open):
            if isNews(alert.condition, told), hasPassed(debounce, since: told.at, now) { return .more }
            return hasPassed(alert.key.kind.remindAfter, since: told.at, now) ? .reminder : nil
        }
    }

    /// A count that grew is news by itself: after the clock went back what is newest may seem older.
    private static func isNews(_ condition: AlertCondition, _ told: AlertTold) -> Bool {
        guard let newest = condition.newest else { return false }
        return newest > (told.newest ?? Timestamp(milliseconds: .min)) || condition.count > told.count
    }

    /// Of a moment that is yet to come too: the clock went back, and nobody waits until it has caught up.
    private static func hasPassed(_ time: Duration, since moment: Timestamp, _ now: Timestamp) -> Bool {
        moment > now || moment + time <= now
    }
}

/// When a channel that could not be reached is tried again: after 1, 2, 4, … minutes, at most an hour.
public enum AlertBackoff {
    static let longest: Duration = .seconds(3600)

    static func delay(after tries: Int) -> Duration { .seconds(min(3600, 60 << max(0, min(tries - 1, 6)))) }

    /// A moment farther away than any wait is a clock's that went back.
    public static func isDue(_ due: Timestamp, now: Timestamp) -> Bool { due <= now || due > now + longest }
}
