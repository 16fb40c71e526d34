import Common
import Foundation
import Transport

/// Asks a WordPress, before any event does, whether a push would get through. Changes nothing there.
public struct Preflight {
    public struct Report: Sendable, Equatable {
        /// Empty: a push would get through.
        public var troubles: [PushFailure] = []
        /// What runs there, as the plugin says.
        public var plugin: String?
        public var wordpress: String?
        public var php: String?
    }

    /// The oldest plugin that answers what the worker asks.
    public static let leastPlugin = "1.0.0"
    public static func isOld(_ plugin: String) -> Bool { plugin.compare(leastPlugin, options: .numeric) == .orderedAscending }
    /// A JWT allows the clocks a minute.
    static let mostClockDifference: Duration = .seconds(60)

    /// A page for people does not say that PHP has died.
    private static let accept = (name: "Accept", value: "application/json")

    private let site: Settings.WordPress
    private let now: () -> Timestamp
    private let send: (HTTPRequest) throws -> Result<HTTPResponse, TransportError>

    public init(
        _ site: Settings.WordPress, now: @escaping () -> Timestamp,
        send: @escaping (HTTPRequest) throws -> Result<HTTPResponse, TransportError>
    ) {
        self.site = site
        self.now = now
        self.send = send
    }

    public func run() throws -> Report {
        var report = Report()
        if let trouble = try reach() {
            report.troubles = [trouble]
            return report
        }
        if let trouble = try authorizationAlone() { report.troubles.append(trouble) }
        try askPlugin(&report)
        return report
    }

    /// WordPress's own index: address, certificate, redirects, maintenance, database, PHP, and whether the plugin is there.
    private func reach() throws -> PushFailure? {
        switch try send(HTTPRequest(method: "GET", url: "\(site.baseURL)/wp-json/", headers: [Self.accept], caFile: site.caFile)) {
        case .failure(let error): return Diagnosis.failure(of: error, at: site.baseURL)
        case .success(let response):
            guard response.status == 200, let root = (try? JSONDocument(response.body))?.root, let spaces = root["namespaces"]?.elements
            else { return Diagnosis.failure(of: response, at: site.baseURL) }
            guard spaces.contains(where: { $0.string == "ai-guy/v1" }) else {
                return PushFailure(cause: "rest_no_route", text: "the Gatepost plugin is not active at \(site.baseURL); activate it")
            }
            return nil
        }
    }

    /// The `Authorization` header without a signature beside it: whether it arrives at all.
    private func authorizationAlone() throws -> PushFailure? {
        guard let header = try headers().first(where: { $0.name == "Authorization" }),
            case .success(let response) = try status(with: [header]), response.status == 401
        else { return nil }
        let failure = Diagnosis.failure(of: response, at: site.baseURL)
        guard failure.cause == "gatepost_no_auth" else { return nil }
        return PushFailure(
            cause: "authorization_stripped",
            text: "the web server of \(site.baseURL) strips Authorization; Apache: CGIPassAuth On, or SetEnvIf; or set auth: hmac",
            httpStatus: 401)
    }

    private func askPlugin(_ report: inout Report) throws {
        switch try status(with: headers()) {
        case .failure(let error): report.troubles.append(Diagnosis.failure(of: error, at: site.baseURL))
        case .success(let response):
            guard response.status == 200, let root = (try? JSONDocument(response.body))?.root, let version = root["plugin_version"]?.string
            else { return report.troubles.append(Diagnosis.failure(of: response, at: site.baseURL)) }
            (report.plugin, report.wordpress, report.php) = (version, root["wordpress_version"]?.string, root["php_version"]?.string)
            if Self.isOld(version) {
                report.troubles.append(
                    PushFailure(
                        cause: "plugin_old", text: "the plugin at \(site.baseURL) is \(version); \(Self.leastPlugin) or newer is needed"))
            }
            if let theirs = root["server_time_ms"]?.integer, abs(theirs - now().milliseconds) > Self.mostClockDifference.milliseconds {
                report.troubles.append(
                    PushFailure(
                        cause: "clock_off",
                        text: "the clock of \(site.baseURL) is \((theirs - now().milliseconds) / 1000) s off ours; see timedatectl on both")
                )
            }
        }
    }

    /// The plugin signs a question by its time, since it has no body.
    private func headers() throws -> [(name: String, value: String)] {
        let moment = String(now().milliseconds / 1000)
        let signed = try site.credentials(
            over: Bytes("GET /ai-guy/v1/status\n\(moment)".utf8), for: ["user-sync", "order-event", "batch", "status"], now: now())
        return signed + [("X-Gatepost-Timestamp", moment)]
    }

    private func status(with headers: [(name: String, value: String)]) throws -> Result<HTTPResponse, TransportError> {
        try send(
            HTTPRequest(
                method: "GET", url: "\(site.baseURL)/wp-json/ai-guy/v1/status", headers: headers + [Self.accept], caFile: site.caFile))
    }
}
