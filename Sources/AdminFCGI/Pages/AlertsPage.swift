import Common

/// What is wrong, what was, and who has heard of it.
struct AlertsPage {
    struct Row {
        let state, what, next: String
        let fix: Prose
        /// Of ours: where it is seen, and perhaps mended.
        let place: String?
        let isOpen: Bool
        let since, last: Moment
        let told: Moment?
        let example: String?
    }

    struct Channel {
        let name, error: String
        let sent: Moment?
        let tries: Int
    }

    let rows: [Row]
    let channels: [Channel]

    init(_ store: Store, _ visit: Visit) throws {
        let book = AlertBook(store: store)
        let told = try AlertChannel.allCases.map { try book.told($0) }
        rows = try book.all().map { alert in Row(alert, told.compactMap { $0[alert.key]?.at }.max(), visit) }
        channels = try book.channels().sorted { $0.key.rawValue < $1.key.rawValue }.map { channel, state in
            Channel(name: channel.rawValue, error: state.error ?? "", sent: visit.moment(state.sentAt), tries: state.tries)
        }
    }
}

extension AlertsPage.Row {
    init(_ alert: Alert, _ told: Timestamp?, _ visit: Visit) {
        let condition = alert.condition
        self.init(
            state: alert.state.rawValue, what: condition.what, next: condition.next, fix: Prose(condition.fix), place: alert.key.place,
            isOpen: alert.state == .open,
            since: Moment(condition.since, now: visit.now), last: Moment(alert.lastAt, now: visit.now), told: visit.moment(told),
            example: condition.example.map { "/admin/events/\($0)" })
    }
}

extension AlertKey {
    /// A subject names one thing, or two with a slash between.
    fileprivate var place: String? {
        let parts = subject.split(separator: "/", maxSplits: 1).map(String.init)
        let second = parts.count > 1 ? parts[1] : ""
        return switch kind {
        case .deadLetters: PageFields([("tenant", parts.first ?? ""), ("cause", second)]).link("/admin/dead-letters")
        case .oldQueue, .circuitOpen: PageFields([("status", "queued"), ("tenant", subject)]).link("/admin/events")
        case .quietSource: PageFields([("source", parts.first ?? "")]).link("/admin/rejected")
        case .oldSecret: "/admin/secrets"
        case .lowDisk, .missingEvents, .notCompared: nil
        }
    }
}
