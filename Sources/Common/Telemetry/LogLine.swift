import Foundation
import Logging

/// One line of the log: a JSON object with the contract's fields. Never a secret, a signature or payload bytes.
public struct LogLine: Sendable {
    public private(set) var json: Bytes

    public init(_ message: String, level: Logger.Level = .info, at moment: Timestamp) {
        json = Bytes()
        json.reserveCapacity(400)
        json.append("{\"ts\":\"")
        json.append(contentsOf: moment.description.utf8)
        json.append("\",\"level\":\"")
        json.append(contentsOf: level.rawValue.utf8)
        json.append("\",\"msg\":")
        JSONText.append(message.utf8, to: &json)
    }

    /// A field that is nil is left out.
    public consuming func with(_ name: StaticString, _ text: String?) -> LogLine {
        guard let text else { return self }
        self.name(name)
        JSONText.append(text.utf8, to: &json)
        return self
    }

    public consuming func with(_ name: StaticString, _ number: Int64?) -> LogLine {
        guard let number else { return self }
        self.name(name)
        json += String(number).utf8
        return self
    }

    mutating func field(_ name: String, _ text: String) {
        self.name(name)
        JSONText.append(text.utf8, to: &json)
    }

    /// Names of ours need no escapes.
    private mutating func name(_ name: StaticString) {
        json.append(",\"")
        json.append(name)
        json.append("\":")
    }

    private mutating func name(_ name: String) {
        json.append(UInt8(ascii: ","))
        JSONText.append(name.utf8, to: &json)
        json.append(UInt8(ascii: ":"))
    }
}

/// Writes lines to standard error, each batch in one call.
public enum LogSink {
    public static func write(_ lines: [LogLine]) {
        guard !lines.isEmpty else { return }
        var text = Bytes()
        text.reserveCapacity(lines.reduce(0) { $0 + $1.json.count + 2 })
        for line in lines {
            text += line.json
            text.append(UInt8(ascii: "}"))
            text.append(UInt8(ascii: "\n"))
        }
        var written = 0
        while written < text.count {
            let count = text[written...].withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }  // nobody reads the log: work goes on
            written += count
        }
    }
}

/// swift-log's lines in the same form.
public struct JSONLogHandler: LogHandler {
    public var logLevel: Logger.Level = .info
    public var metadata: Logger.Metadata = [:]

    public init() {}

    public subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var line = LogLine(event.message.description, level: event.level, at: WallClock.system.now())
        for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }).sorted(by: { $0.key < $1.key }) {
            line.field(key, "\(value)")
        }
        LogSink.write([line])
    }
}
