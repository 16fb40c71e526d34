import Common
import Foundation
import Transport

/// Asks one provider for one tenant: one request at a time, no faster than the provider has it, again where that helps.
public final class APIClient {
    /// A single wait that a run puts up with.
    static let longestWait: Duration = .seconds(900)
    /// A page of objects is large; what is larger is refused, not cut.
    private static let mostBytes = 48 << 20

    /// Scheme, host and path; no slash at its end.
    let base: String
    /// For a proxy's own.
    public let host: String
    let key: String
    private let headers: [(name: String, value: String)]
    private let interval: Duration
    private let clock: WallClock
    private let sleep: (Duration) -> Void
    private let transfers: Transfers<Int>
    private var nextAt: Timestamp
    /// Requests made, for the report.
    public private(set) var requests = 0

    /// - Parameters:
    ///   - key: the variable's name, for errors.
    ///   - interval: from the start of one request to that of the next.
    public init(
        base: String, headers: [(name: String, value: String)], key: String, interval: Duration, clock: WallClock = .system,
        sleep: @escaping (Duration) -> Void = { Thread.sleep(forTimeInterval: Double($0.milliseconds) / 1000) }
    ) throws(BackfillError) {
        (self.base, self.headers, self.key, self.interval, self.clock, self.sleep) = (base, headers, key, interval, clock, sleep)
        host = WebAddress(base)?.host ?? base
        var options = TransferOptions(connectTimeout: .seconds(10), timeout: .seconds(60), userAgent: "Gatepost/\(Gatepost.version)")
        options.mostBytes = Self.mostBytes
        options.httpsOnly = base.lowercased().hasPrefix("https:")
        do { transfers = try Transfers(options: options, mostPerHost: 1) } catch { throw .unreachable(host: host, error) }
        nextAt = clock.now()
    }

    var now: Timestamp { clock.now() }

    func get(_ path: String, _ query: [(String, String)] = []) throws(BackfillError) -> HTTPResponse {
        let text = query.map { "\(Self.escaped($0.0))=\(Self.escaped($0.1))" }.joined(separator: "&")
        return try send(HTTPRequest(method: "GET", url: "\(base)\(path)\(text.isEmpty ? "" : "?\(text)")", headers: headers))
    }

    /// A page's address as the provider gave it. The key goes nowhere but where we would have sent it anyway.
    func get(url: String) throws(BackfillError) -> HTTPResponse {
        guard url.hasPrefix("\(base)/"), url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .unexpected(host: host, "the next page is said to be at another address")
        }
        return try send(HTTPRequest(method: "GET", url: url, headers: headers))
    }

    func post(_ path: String, json: Bytes = []) throws(BackfillError) -> HTTPResponse {
        let type = json.isEmpty ? [] : [(name: "Content-Type", value: "application/json")]
        return try send(HTTPRequest(method: "POST", url: base + path, headers: headers + type, body: json))
    }

    func document(_ response: HTTPResponse) throws(BackfillError) -> JSONValue {
        guard response.body.count < Self.mostBytes else {
            throw .unexpected(host: host, "an answer of more than \(Self.mostBytes >> 20) MiB")
        }
        do throws(JSONError) { return try JSONDocument(response.body).root } catch {
            throw .unexpected(host: host, "an answer that is no JSON (\(error))")
        }
    }

    private func send(_ request: HTTPRequest) throws(BackfillError) -> HTTPResponse {
        var (tries, waits) = (0, 0)
        while true {
            pause(until: nextAt)
            nextAt = clock.now() + interval
            requests += 1
            switch perform(request) {
            case .failure(let error):
                tries += 1
                guard tries < RateRule.mostTries else { throw .unreachable(host: host, error) }
                sleep(RateRule.backoff(tries - 1))
            case .success(let response):
                let verdict = RateRule.judge(response, tries: tries, now: clock.now())
                guard case .again(let wait, let costsTry) = verdict else {
                    if verdict == .refused { throw refusal(response) }
                    try rest(RateRule.rest(after: response, now: clock.now()))
                    return response
                }
                tries += costsTry ? 1 : 0
                guard tries < RateRule.mostTries else { throw refusal(response) }
                waits += 1
                guard wait <= Self.longestWait, waits < RateRule.mostWaits else {
                    throw .rateLimited(host: host, until: clock.now() + wait)
                }
                sleep(wait)
            }
        }
    }

    /// Nothing is lost where the next request finds the limit gone.
    private func rest(_ duration: Duration) throws(BackfillError) {
        if duration > .zero { nextAt = clock.now() + min(duration, Self.longestWait) }
    }

    private func pause(until moment: Timestamp) {
        let wait = moment.milliseconds - clock.now().milliseconds
        // A clock that went back makes nobody wait for a day.
        if wait > 0 { sleep(.milliseconds(min(wait, Self.longestWait.milliseconds))) }
    }

    private func perform(_ request: HTTPRequest) -> Result<HTTPResponse, TransportError> {
        do throws(TransportError) { try transfers.start(request, tag: 0) } catch { return .failure(error) }
        while true {
            if let (_, result) = transfers.wait(milliseconds: 1000).first { return result }
        }
    }

    private func refusal(_ response: HTTPResponse) -> BackfillError {
        let root = (try? JSONDocument(response.body))?.root
        let words = [root?["error"]?["code"], root?["error"]?["type"], root?["code"], root?["category"]].compactMap { $0?.string }
        let word = words.first { text in
            (1...60).contains(text.utf8.count) && text.utf8.allSatisfy { $0 == 0x5F || $0 == 0x2D || ASCII.isDigit($0) || isLetter($0) }
        }
        return .refused(host: host, status: response.status, word: word, key: key)
    }

    private func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(ASCII.lowercased(byte)) }

    /// RFC 3986, 2.3: everything but unreserved characters.
    static func escaped(_ text: String) -> String {
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        return text.utf8.map {
            plain.contains($0)
                ? String(UnicodeScalar($0)) : "%" + (String($0, radix: 16).count < 2 ? "0" : "") + String($0, radix: 16).uppercased()
        }
        .joined()
    }
}

extension HTTPResponse {
    /// The address that the `Link` header (RFC 8288) gives for the next page.
    var nextLink: String? {
        guard let field = header("link") else { return nil }
        for entry in field.split(separator: ",") where entry.contains("rel=\"next\"") || entry.contains("rel=next") {
            guard let start = entry.firstIndex(of: "<"), let end = entry.firstIndex(of: ">"), start < end else { continue }
            return String(entry[entry.index(after: start)..<end])
        }
        return nil
    }
}
