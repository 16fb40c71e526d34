/// A place in a trace, as the header `traceparent` has it: https://www.w3.org/TR/trace-context/#traceparent-header
public struct Traceparent: Sendable, Hashable, CustomStringConvertible {
    /// 32 digits, not all of them 0.
    public let traceID: String
    /// Of the sender's span: 16 digits, not all of them 0.
    public let spanID: String
    public let isSampled: Bool

    public init(traceID: String, spanID: String, isSampled: Bool) {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
    }

    /// Nil for what the specification has us ignore. Of a later version the part counts that is like ours.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 512 else { return nil }
        let bytes = Array(text.utf8)
        guard bytes.count >= 55, [2, 35, 52].allSatisfy({ bytes[$0] == UInt8(ascii: "-") }) else { return nil }
        let parts = [0..<2, 3..<35, 36..<52, 53..<55].map { bytes[$0] }
        guard parts.allSatisfy({ $0.allSatisfy(Self.isDigit) }) else { return nil }
        let version = String(decoding: parts[0], as: UTF8.self)
        guard version != "ff", bytes.count == 55 || version != "00" && bytes[55] == UInt8(ascii: "-") else { return nil }
        guard !parts[1].allSatisfy({ $0 == UInt8(ascii: "0") }), !parts[2].allSatisfy({ $0 == UInt8(ascii: "0") }) else { return nil }
        traceID = String(decoding: parts[1], as: UTF8.self)
        spanID = String(decoding: parts[2], as: UTF8.self)
        isSampled = (Hex.value(of: bytes[54]) ?? 0) & 1 == 1
    }

    public var description: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }

    /// Lower case alone.
    static func isDigit(_ byte: UInt8) -> Bool { ASCII.isDigit(byte) || byte &- UInt8(ascii: "a") < 6 }
}
