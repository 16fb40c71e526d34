/// One value (or one object key) of a scanned document: where it stands in the text and where its subtree ends.
struct JSONNode: Sendable {
    enum Kind: UInt8 { case object, array, string, number, yes, no, null }

    let kind: Kind
    /// A string with a backslash in it: its text differs from its bytes.
    var escaped = false
    /// First byte; of a string, the one after the quote. 32 bits: a body over 4 GiB is refused long before.
    let start: UInt32
    /// One past the last byte; of a string, the closing quote.
    var end: UInt32
    /// The place in the list of nodes of what follows this value and all within it.
    var next: UInt32

    /// Its own text, quotes and brackets included.
    var range: Range<Int> {
        let quote = kind == .string ? 1 : 0
        return Int(start) - quote..<Int(end) + quote
    }
}

/// Why a text is not JSON as RFC 8259 has it, and where.
public struct JSONError: Error, Equatable, CustomStringConvertible {
    public enum Fault: String, Sendable {
        case empty = "nothing to read"
        case unexpected = "unexpected byte"
        case endedEarly = "ends too early"
        case trailing = "more text after the value"
        case badString = "string with a control character or a wrong escape"
        case badUTF8 = "not UTF-8"
        case badNumber = "malformed number"
        case tooDeep = "nested too deeply"
    }

    public let fault: Fault
    /// Byte offset from the start of the text.
    public let offset: Int

    public init(fault: Fault, offset: Int) {
        self.fault = fault
        self.offset = offset
    }

    public var description: String { "\(fault.rawValue) at byte \(offset)" }
}
