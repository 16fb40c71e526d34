import Foundation

/// Notices as people read them. Says where, what, since when, the fix and the next command; no payload, no secret.
public struct AlertMessage: Sendable, Equatable {
    struct Entry: Sendable, Equatable {
        let head: String
        var lines: [String] = []
        /// A command to type.
        var command: String?
    }

    /// In one line.
    public let title: String
    let entries: [Entry]
    private let notices: [AlertNotice]
    private let host: String
    /// Notices that are not in the text.
    private let left: Int

    /// Of more there is a number only: nobody reads a hundred.
    static let mostEntries = 20

    /// - Parameters:
    ///   - notices: at least one.
    ///   - host: this machine's name.
    public init(_ notices: [AlertNotice], host: String, now: Timestamp) {
        let ordered = notices.filter { $0.reason != .recovered } + notices.filter { $0.reason == .recovered }
        let more = ordered.count > 1 ? ", and \(ordered.count - 1) more" : ""
        title = "Gatepost on \(host): \(ordered.first.map(Self.head) ?? "nothing")\(more)"
        entries = ordered.prefix(Self.mostEntries).map { Self.entry($0, now) }
        left = max(0, ordered.count - Self.mostEntries)
        self.notices = ordered
        self.host = host
    }

    /// Says that it is a test.
    public init(testFrom host: String) {
        title = "Gatepost on \(host): a test"
        entries = [Entry(head: "gatepost alert test: notices arrive here. Nothing is wrong.")]
        notices = []
        left = 0
        self.host = host
    }

    private static func head(_ notice: AlertNotice) -> String {
        let what = notice.alert.condition.what
        return switch notice.reason {
        case .opened: what
        case .more, .reminder: "still: \(what)"
        case .recovered: "over: \(what)"
        }
    }

    private static func entry(_ notice: AlertNotice, _ now: Timestamp) -> Entry {
        let condition = notice.alert.condition
        guard notice.reason != .recovered else {
            let lasted = max(0, notice.alert.lastAt.milliseconds - condition.since.milliseconds) / 1000
            return Entry(head: head(notice), lines: ["it lasted \(Age.words(lasted)), since \(condition.since)"])
        }
        var lines = ["since \(condition.since), \(Age.words(max(0, now.milliseconds - condition.since.milliseconds) / 1000))"]
        if notice.reason == .more, let before = notice.countBefore { lines.append("\(before) at the last notice") }
        lines.append("fix: \(condition.fix)")
        if let example = condition.example { lines.append("for instance event \(example)") }
        return Entry(head: head(notice), lines: lines, command: condition.next)
    }

    private var rest: String? { left > 0 ? "\(left) more: gatepost alerts list" : nil }

    // MARK: Forms

    /// Without marks, for a mail.
    public var text: String {
        let blocks = entries.map { entry in
            ([entry.head] + entry.lines.map { "  \($0)" } + (entry.command.map { ["  next: \($0)"] } ?? [])).joined(separator: "\n")
        }
        return (blocks + [rest].compactMap { $0 }).joined(separator: "\n\n") + "\n"
    }

    /// In Slack's mrkdwn: https://docs.slack.dev/messaging/formatting-message-text asks for three characters to be escaped.
    var slackText: String {
        let blocks = entries.map { entry in
            (["*\(Self.escaped(entry.head))*"] + entry.lines.map(Self.escaped)
                + (entry.command.map { ["`\(Self.escaped($0).replacing("`", with: "'"))`"] } ?? [])).joined(separator: "\n")
        }
        return (["\(Self.escaped(title))"] + blocks + [rest].compactMap { $0 }).joined(separator: "\n\n")
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    /// The body of a post to Slack's incoming webhook.
    public var slackBody: Bytes { Bytes("{\"text\":".utf8) + JSONText.quoted(slackText) + Bytes("}".utf8) }

    /// The body of a post to any other: the same words, and each alert's parts.
    public var webhookBody: Bytes {
        let alerts = notices.map { notice -> String in
            let (alert, condition) = (notice.alert, notice.alert.condition)
            return Self.object([
                ("kind", alert.key.kind.rawValue), ("subject", alert.key.subject), ("state", alert.state.rawValue),
                ("reason", notice.reason.rawValue), ("since", condition.since.description), ("last", alert.lastAt.description),
                ("what", condition.what), ("fix", condition.fix), ("next", condition.next), ("event_id", condition.example),
            ]).dropLast() + ",\"count\":\(condition.count)}"
        }
        let head = Self.object([("host", host), ("title", title), ("text", text)]).dropLast()
        return Bytes("\(head),\"alerts\":[\(alerts.joined(separator: ","))]}".utf8)
    }

    private static func object(_ members: [(String, String?)]) -> String {
        let texts = members.map { name, value in
            "\"\(name)\":" + (value.map { String(decoding: JSONText.quoted($0), as: UTF8.self) } ?? "null")
        }
        return "{\(texts.joined(separator: ","))}"
    }
}
