import Foundation
import Logging

/// One line of the log: a JSON object with the contract's fields. Never a secret, a signature or payload bytes.
public struct LogLine: Sendable {
    public private(set) var json: Bytes

    public init(_ message: String, level: Logger.Level = .info, at moment: Timestamp) {
        json = Bytes()
        // What most lines take, as if the last of their texts were all escapes: so that they need not grow.
        json.reserveCapacity(704)
        json.append(atMost: 80 + ByteWriter.most(quoted: message)) { json in
            json.append("{\"ts\":\"")
            moment.write(to: &json)
            json.append("\",\"level\":\"")
            json.append(level.rawValue)
            json.append("\",\"msg\":")
            json.append(quoted: message)
        }
    }

    /// A field that is nil is left out.
    public consuming func with(_ name: StaticString, _ text: String?) -> LogLine {
        guard let text else { return self }
        json.append(atMost: name.utf8CodeUnitCount + 4 + ByteWriter.most(quoted: text)) { json in
            Self.write(name, to: &json)
            json.append(quoted: text)
        }
        return self
    }

    public consuming func with(_ name: StaticString, _ number: Int64?) -> LogLine {
        guard let number else { return self }
        json.append(atMost: name.utf8CodeUnitCount + 24) { json in
            Self.write(name, to: &json)
            json.append(decimal: Int(number))
        }
        return self
    }

    /// The line is whole.
    public func append(to text: inout Bytes) {
        text += json
        text.append(UInt8(ascii: "}"))
        text.append(UInt8(ascii: "\n"))
    }

    mutating func field(_ name: String, _ text: String) {
        json.append(UInt8(ascii: ","))
        JSONText.append(name.utf8, to: &json)
        json.append(UInt8(ascii: ":"))
        JSONText.append(text.utf8, to: &json)
    }

    /// Names of ours need no escapes.
    private static func write(_ name: StaticString, to json: inout ByteWriter) {
        json.append(",\"")
        json.append(name)
        json.append("\":")
    }
}

/// Writes lines to standard error, each batch in one call.
public enum LogSink {
    public static func write(_ lines: [LogLine]) {
        guard !lines.isEmpty else { return }
        var text = Bytes()
        text.reserveCapacity(lines.reduce(0) { $0 + $1.json.count + 2 })
        for line in lines { line.append(to: &text) }
        write(text: text)
    }

    /// - Parameter text: whole lines.
    public static func write(text: Bytes) {
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
