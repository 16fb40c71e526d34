import Common
import Foundation
import Transport

/// Asks the plugin for what it keeps of a person, or to erase it, page by page: WordPress's own tools for personal data, by a signed request.
public struct PersonAtWordPress {
    public enum Action: String, Sendable { case export, erase }

    public struct Report: Sendable {
        /// What was exported, each a JSON object.
        public var items: [Bytes] = []
        public var isRemoved = false
        /// Order events that still wait there are not erased.
        public var isRetained = false
        public var messages: [String] = []
        /// Why it did not come to its end.
        public var trouble: PushFailure?
    }

    private static let mostPages = 1000

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

    public func run(_ action: Action, email: String) throws -> Report {
        var report = Report()
        for page in 1...Self.mostPages {
            switch try send(try request(action, email, page)) {
            case .failure(let error):
                report.trouble = Diagnosis.failure(of: error, at: site.baseURL)
                return report
            case .success(let response):
                guard response.status == 200, let root = (try? JSONDocument(response.body))?.root, let isDone = root["done"]?.scalarText
                else {
                    report.trouble = Diagnosis.failure(of: response, at: site.baseURL)
                    return report
                }
                report.items += root["data"]?.elements.map { Bytes($0.raw) } ?? []
                report.isRemoved = report.isRemoved || root["items_removed"]?.scalarText == "true"
                report.isRetained = root["items_retained"]?.scalarText == "true"
                report.messages += root["messages"]?.elements.compactMap(\.string) ?? []
                if isDone == "true" { return report }
            }
        }
        report.trouble = PushFailure(cause: "unknown", text: "more than \(Self.mostPages) pages at \(site.baseURL)")
        return report
    }

    private func request(_ action: Action, _ email: String, _ page: Int) throws(CryptoError) -> HTTPRequest {
        let body = Bytes("{\"action\":\"\(action.rawValue)\",\"email\":".utf8) + JSONText.quoted(email) + Bytes(",\"page\":\(page)}".utf8)
        let headers =
            [
                (name: "Content-Type", value: "application/json"), ("Accept", "application/json"),
                ("X-Request-Id", UUID().uuidString.lowercased()),
            ] + (try site.credentials(over: body, for: ["privacy"], now: now()))
        return HTTPRequest(
            method: "POST", url: "\(site.baseURL)/wp-json/ai-guy/v1/privacy", headers: headers, body: body, caFile: site.caFile)
    }
}
