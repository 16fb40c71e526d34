import Common
import Foundation
import Transport

/// Brings messages to the channels that the settings name, all at once, each in at most ten seconds.
public struct AlertSender {
    private let settings: Settings.Alerts
    private let host: String

    public init(_ settings: Settings.Alerts, host: String = AlertSender.thisHost) {
        self.settings = settings
        self.host = host
    }

    /// Those that the settings name.
    public var channels: [AlertChannel] {
        AlertChannel.allCases.filter {
            switch $0 {
            case .slack: settings.slack != nil
            case .email: settings.smtp != nil
            case .webhook: settings.webhook != nil
            }
        }
    }

    /// - Returns: for each channel nil where it took the message, else why not; never an address with a secret in it.
    public func send(_ messages: [AlertChannel: AlertMessage], now: Timestamp) -> [AlertChannel: String?] {
        var results: [AlertChannel: String?] = [:]
        do {
            let transfers = try Transfers<AlertChannel>(options: Self.options, mostPerHost: 3)
            for (channel, message) in messages { try start(message, on: channel, transfers, now) }
            while transfers.count > 0 {
                for (channel, result) in transfers.wait(milliseconds: 500) { results[channel] = .some(Self.problem(channel, result)) }
            }
        } catch {
            for channel in messages.keys where results[channel] == nil { results[channel] = .some("\(error)") }
        }
        return results
    }

    private static var options: TransferOptions {
        var options = TransferOptions(connectTimeout: .seconds(5), timeout: .seconds(10), userAgent: "Gatepost/\(Gatepost.version)")
        options.mostBytes = 1024
        return options
    }

    private func start(
        _ message: AlertMessage, on channel: AlertChannel, _ transfers: Transfers<AlertChannel>, _ now: Timestamp
    ) throws(TransportError) {
        switch channel {
        case .slack: try transfers.start(Self.post(message.slackBody, to: settings.slack?.exposed ?? ""), tag: channel)
        case .webhook: try transfers.start(Self.post(message.webhookBody, to: settings.webhook ?? ""), tag: channel)
        case .email:
            guard let smtp = settings.smtp else { return }
            let text = MailText.make(
                message, from: smtp.from, to: smtp.to, host: host, id: UUID().uuidString.lowercased(), now: now)
            let mail = Mail(
                url: smtp.url, encryption: smtp.isLoopback ? .none : .required, user: smtp.user, password: smtp.password?.exposed,
                from: smtp.from, to: smtp.to, text: text)
            try transfers.start(mail, tag: channel)
        }
    }

    private static func post(_ body: Bytes, to url: String) -> HTTPRequest {
        HTTPRequest(method: "POST", url: url, headers: [("Content-Type", "application/json")], body: body)
    }

    private static func problem(_ channel: AlertChannel, _ result: Result<HTTPResponse, TransportError>) -> String? {
        switch result {
        case .failure(let error): return "\(error)"
        case .success(let response) where channel == .email || (200..<300).contains(response.status): return nil
        case .success(let response):
            // Slack says why in a word: no_service, invalid_payload, …
            let word = response.body.prefix(60)
            let isWord =
                channel == .slack && word.count == response.body.count && word.allSatisfy { $0 == 0x5F || (0x61...0x7A).contains($0) }
            return "answered \(response.status)" + (isWord && !word.isEmpty ? " \(String(decoding: word, as: UTF8.self))" : "")
        }
    }

    /// Asks no name server.
    public static var thisHost: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "this machine" }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
