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
        guard parts.allSatisfy({ $0.allSatisfy(Self.isDigit) }), parts[1].withUnsafeBufferPointer(Self.isTraceID) else { return nil }
        let version = String(decoding: parts[0], as: UTF8.self)
        guard version != "ff", bytes.count == 55 || version != "00" && bytes[55] == UInt8(ascii: "-") else { return nil }
        guard !parts[2].allSatisfy({ $0 == UInt8(ascii: "0") }) else { return nil }
        traceID = String(decoding: parts[1], as: UTF8.self)
        spanID = String(decoding: parts[2], as: UTF8.self)
        isSampled = (Hex.value(of: bytes[54]) ?? 0) & 1 == 1
    }

    public var description: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }

    /// 32 digits, not all of them 0, eight at a time: each event's log line has one.
    static func isTraceID(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count == 32, let start = UnsafeRawPointer(text.baseAddress) else { return false }
        var areDigits = UInt64.max
        var isZero = true
        for place in stride(from: 0, to: 32, by: 8) {
            let word = start.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            areDigits &= digitMask(word)
            if word != 0x3030_3030_3030_3030 { isZero = false }
        }
        return areDigits & 0x8080_8080_8080_8080 == 0x8080_8080_8080_8080 && !isZero
    }

    /// The highest bit of each of eight bytes says whether it is a digit. Below 0x80 a sum does not reach into the next byte; from 0x80 on the byte
    /// itself says no, whatever its sums have done.
    @inline(__always)
    private static func digitMask(_ word: UInt64) -> UInt64 {
        func isFrom(_ byte: UInt8) -> UInt64 { word &+ UInt64(0x80 - byte) &* 0x0101_0101_0101_0101 }
        let isNumber = isFrom(UInt8(ascii: "0")) & ~isFrom(UInt8(ascii: "9") + 1)
        let isLetter = isFrom(UInt8(ascii: "a")) & ~isFrom(UInt8(ascii: "f") + 1)
        return (isNumber | isLetter) & ~word
    }

    /// Lower case alone.
    static func isDigit(_ byte: UInt8) -> Bool { ASCII.isDigit(byte) || byte &- UInt8(ascii: "a") < 6 }
}
