import Foundation

extension Settings {
    /// When somebody is told that something is wrong, and where.
    public struct Alerts: Sendable {
        /// Dead letters of one tenant and cause from which on they are worth a notice, 1 to 1,000,000.
        public var deadLetters = 1
        /// Age of a tenant's oldest queued event, 1 min to 30 d.
        public var oldestQueued: Duration = .seconds(900)
        /// Of a provider's secret, 1 to 3650 d.
        public var secretAge: Duration = .seconds(83 * 86_400)
        /// Between two notices of the same thing, 1 min to 7 d.
        public var debounce: Duration = .seconds(3600)
        /// Sources that should send something at least so often: `sources.NAME.longest-quiet`.
        public var longestQuiet: [SourceName: Duration] = [:]
        /// What one tenant has of its own: `tenants.NAME.longest-quiet`; nil: it may be as quiet as it likes.
        public var tenantQuiet: [TenantName: [SourceName: Duration?]] = [:]
        /// An incoming webhook's address, which is all that Slack asks for.
        public var slack: Secret?
        public var smtp: SMTP?
        /// Where each notice is posted as JSON.
        public var webhook: String?

        public init() {}
    }

    public struct SMTP: Sendable, Equatable {
        /// `smtps://host:port`, or `smtp://host:port`, where TLS begins with STARTTLS.
        public var url: String
        /// On this machine mail servers have certificates that nobody vouches for: no TLS, and none needed.
        public var isLoopback: Bool
        public var user: String?
        public var password: Secret?
        public var from: String
        public var to: [String]
    }
}

extension Settings.Alerts {
    static let days = 86_400

    mutating func read(_ section: SettingsSection, in file: inout SettingsFile) {
        section.refuseOthers(than: ["dead-letters", "oldest-queued", "secret-age", "debounce", "smtp", "webhook"], in: &file)
        if let count = section.number("dead-letters", 1...1_000_000, in: &file) { deadLetters = count }
        if let time = section.duration("oldest-queued", 60...30 * Self.days, in: &file) { oldestQueued = time }
        if let time = section.duration("secret-age", Self.days...3650 * Self.days, in: &file) { secretAge = time }
        if let time = section.duration("debounce", 60...7 * Self.days, in: &file) { debounce = time }
        webhook = section.optional("webhook", "https://host/path, without user, query or fragment", quotes: false, in: &file) {
            WebAddress($0)?.text
        }
        if let smtp = section.section("smtp", in: &file) { self.smtp = Settings.SMTP(smtp, in: &file) }
    }

    mutating func readSecrets(_ environment: inout Environment, _ file: inout SettingsFile) {
        if let (value, place, line) = environment.value("GATEPOST_ALERT_SLACK_URL") {
            slack = WebAddress(value).map { Secret($0.text) }
            if slack == nil {
                file.problems.append(
                    .init(place: place, line: line, text: "GATEPOST_ALERT_SLACK_URL: expected https://hooks.slack.com/services/…"))
            }
        }
        smtp?.password = environment.value("GATEPOST_ALERT_SMTP_PASSWORD").map { Secret($0.value) }
        if let smtp, smtp.user != nil, smtp.password == nil {
            file.problems.append(
                .init(place: file.path, text: "alerts.smtp.user: GATEPOST_ALERT_SMTP_PASSWORD is not set; put it into the secrets' file"))
        }
    }
}

extension Settings.SMTP {
    fileprivate init?(_ section: SettingsSection, in file: inout SettingsFile) {
        section.refuseOthers(than: ["url", "user", "from", "to"], in: &file)
        let server = section.required("url", "smtps://host:465 or smtp://host:587", quotes: false, in: &file, Self.server)
        let from = section.required("from", "an e-mail address", in: &file, Self.address)
        let to = section.list("to", "an e-mail address", in: &file, Self.address)
        if section.node("to") == nil {
            file.problem(at: section.place, "\(section.qualified("to")): is missing; expected e-mail addresses")
        }
        let user = section.text("user", in: &file)
        guard let server, let from, !to.isEmpty else { return nil }
        self.init(url: server.url, isLoopback: server.isLoopback, user: user, from: from, to: to)
    }

    private static func server(_ text: String) -> (url: String, isLoopback: Bool)? {
        guard let parts = URLComponents(string: text, encodingInvalidCharacters: false), let scheme = parts.scheme?.lowercased(),
            scheme == "smtp" || scheme == "smtps", let host = parts.host, !host.isEmpty, let port = parts.port, (1...65_535).contains(port),
            parts.user == nil, parts.password == nil, parts.path.isEmpty || parts.path == "/", parts.query == nil, parts.fragment == nil
        else { return nil }
        return ("\(scheme)://\(host):\(port)", scheme == "smtp" && WebAddress.isLoopback(host))
    }

    /// One address as it stands in an envelope; nothing that could end a header's line or begin another address.
    private static func address(_ text: String) -> String? {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"<>(),;:\\\"[]".utf8.contains($0) }
        return parts.count == 2 && !parts[0].isEmpty && !parts[1].isEmpty && isPlain && text.utf8.count <= 254 ? text : nil
    }
}
