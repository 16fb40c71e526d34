import Common

/// Looks for what is wrong, at most once a minute whoever runs, and tells each channel what it has not heard. What goes wrong here is
/// logged and stops nothing else.
public struct AlertRunner {
    private let store: Store
    private let settings: Settings
    private let clock: WallClock
    private let sender: AlertSender
    private var book: AlertBook { AlertBook(store: store) }

    public init(store: Store, settings: Settings, clock: WallClock) {
        self.store = store
        self.settings = settings
        self.clock = clock
        sender = AlertSender(settings.alerts)
    }

    public func run() {
        let now = clock.now()
        do {
            guard try book.isTimeToLook(now: now) else { return }
            try look(now: now)
            try tell(now: now)
        } catch {
            LogSink.write([LogLine("alerts: \(error)", level: .error, at: now)])
        }
    }

    private func look(now: Timestamp) throws {
        let settings = settings.adding(try LearnedSecrets(store: store).load(now: now))
        var facts = try AlertFacts(reading: store, settings, now: now)
        facts.circuits = try CircuitBoard(store: store).all().filter { $0.circuit.state != .closed }.map { endpoint, circuit in
            AlertFacts.Circuit(tenant: endpoint.tenant, cause: circuit.cause, since: circuit.openedAt ?? now)
        }
        let conditions = facts.conditions(settings, now: now)
        let known = try book.all()
        let alerts = AlertPlan.update(known, with: conditions, now: now)
        try book.write(alerts, now: now)
        let wereOpen = Set(known.filter { $0.state == .open }.map(\.key))
        LogSink.write(alerts.filter { ($0.state == .open) != wereOpen.contains($0.key) }.map { $0.logLine(at: now) })
    }

    private func tell(now: Timestamp) throws {
        let alerts = try book.all()
        let states = try book.channels()
        var notices: [AlertChannel: [AlertNotice]] = [:]
        for channel in sender.channels where AlertBackoff.isDue(states[channel]?.dueAt ?? now, now: now) {
            let list = AlertPlan.notices(of: alerts, told: try book.told(channel), debounce: settings.alerts.debounce, now: now)
            if !list.isEmpty { notices[channel] = list }
        }
        guard !notices.isEmpty else { return }
        let messages = notices.mapValues { AlertMessage($0, host: AlertSender.thisHost, now: now) }
        for (channel, problem) in sender.send(messages, now: now) {
            if let problem {
                try book.failed(channel, states[channel], error: problem, now: clock.now())
                LogSink.write([
                    LogLine("a notice did not arrive: \(problem)", level: .warning, at: clock.now()).with("channel", channel.rawValue)
                ])
            } else {
                try book.arrived(notices[channel] ?? [], by: channel, now: now)
            }
        }
    }
}

extension Alert {
    fileprivate func logLine(at now: Timestamp) -> LogLine {
        let line =
            state == .open
            ? LogLine(condition.what, level: .warning, at: now).with("outcome", "alert")
            : LogLine("over: \(condition.what)", at: now).with("outcome", "recovered")
        return line.with("alert", key.kind.rawValue).with("subject", key.subject)
    }
}
