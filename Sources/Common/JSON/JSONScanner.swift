import Glibc

/// One pass over a text: accepts exactly what RFC 8259 accepts (UTF-8 only, section 8.1) and notes where each value stands.
/// It neither recurses nor copies; depth is bounded by the caller.
struct JSONScanner {
    private let text: UnsafePointer<UInt8>
    private let end: Int
    private let maxDepth: Int
    /// What was found so far: room of the caller's.
    private let nodes: UnsafeMutablePointer<JSONNode>
    private let capacity: Int
    private(set) var count = 0
    private var at = 0
    /// The innermost container that is open, and how many are. While one is open, its `next` is the one around it.
    private var open = 0
    private var depth = 0
    private var isInObject = false
    /// Set when an escape names half of a surrogate pair: RFC 8259, section 8.2, allows it and many readers (PHP's among them) do not.
    private(set) var hasLoneSurrogate = false
    /// There was no room for one more value: begin again with more.
    private(set) var isFull = false

    /// `text` and `nodes` must stay valid while the scanner lives.
    init(_ text: UnsafeBufferPointer<UInt8>, into nodes: UnsafeMutableBufferPointer<JSONNode>, maxDepth: Int) throws(JSONError) {
        guard let start = text.baseAddress, let room = nodes.baseAddress else { throw JSONError(fault: .empty, offset: 0) }
        self.text = start
        end = text.count
        self.nodes = room
        capacity = nodes.count
        self.maxDepth = maxDepth
    }

    mutating func run() throws(JSONError) {
        skipBlank()
        guard at < end else { throw fail(.empty) }
        repeat {
            if try value() { continue }
            // A value is complete: close what it completes, or go to the next one.
            try go()
        } while depth > 0
        skipBlank()
        guard at == end else { throw fail(.trailing) }
    }

    /// From behind a value to where the next one begins, or to the end of the outermost.
    @inline(__always)
    private mutating func go() throws(JSONError) {
        while depth > 0 {
            skipBlank()
            switch try byte() {
            case UInt8(ascii: ","):
                at &+= 1
                skipBlank()
                if isInObject { try key() }
                return
            case UInt8(ascii: "}") where isInObject, UInt8(ascii: "]") where !isInObject:
                at &+= 1
                close()
            default:
                throw fail(.unexpected)
            }
        }
    }

    /// Reads one scalar or an opening bracket. True when it opened a container that has a first value to read.
    @inline(__always)
    private mutating func value() throws(JSONError) -> Bool {
        let first = try byte()
        switch first {
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): try number()
        case UInt8(ascii: "{"), UInt8(ascii: "["): return try opening(first)
        case UInt8(ascii: "t"): try literal("true", .yes)
        case UInt8(ascii: "f"): try literal("false", .no)
        case UInt8(ascii: "n"): try literal("null", .null)
        default: throw fail(.unexpected)
        }
        return false
    }

    @inline(__always)
    private mutating func opening(_ bracket: UInt8) throws(JSONError) -> Bool {
        guard depth < maxDepth else { throw fail(.tooDeep) }
        let isObject = bracket == UInt8(ascii: "{")
        let container = count
        try append(isObject ? .object : .array, from: at, to: at)
        at &+= 1
        skipBlank()
        if try byte() == bracket &+ 2 {  // ASCII: "{" + 2 is "}", "[" + 2 is "]"
            at &+= 1
            nodes[container].end = UInt32(truncatingIfNeeded: at)
            return false
        }
        nodes[container].next = UInt32(truncatingIfNeeded: open)
        (open, depth, isInObject) = (container, depth &+ 1, isObject)
        if isObject { try key() }
        return true
    }

    @inline(__always)
    private mutating func key() throws(JSONError) {
        guard try byte() == UInt8(ascii: "\"") else { throw fail(.unexpected) }
        try string()
        skipBlank()
        guard try byte() == UInt8(ascii: ":") else { throw fail(.unexpected) }
        at &+= 1
        skipBlank()
    }

    /// Most are plain to their end, and need no second look.
    @inline(__always)
    private mutating func string() throws(JSONError) {
        let start = at &+ 1
        at = PlainRun.end(text, from: start, to: end, asciiOnly: true)
        var escaped = false
        if at == end || text[at] != UInt8(ascii: "\"") { escaped = try skipRest() }
        try append(.string, from: start, to: at, escaped: escaped)
        at &+= 1
    }

    /// To the closing quote, over escapes and what is not ASCII. True where there was an escape.
    @inline(never)
    private mutating func skipRest() throws(JSONError) -> Bool {
        var escaped = false
        while true {
            let byte = try byte()
            switch byte {
            case UInt8(ascii: "\""): return escaped
            case UInt8(ascii: "\\"):
                escaped = true
                try escape()
            case 0x80...: try multibyte(lead: byte)
            default: throw fail(.badString)
            }
            at = PlainRun.end(text, from: at, to: end, asciiOnly: true)
        }
    }

    private mutating func escape() throws(JSONError) {
        at &+= 1
        switch try byte() {
        case UInt8(ascii: "u"):
            at &+= 1
            let unit = try codeUnit()
            if unit & 0xFC00 == 0xDC00 { hasLoneSurrogate = true }
            guard unit & 0xFC00 == 0xD800 else { return }
            guard at + 1 < end, text[at] == UInt8(ascii: "\\"), text[at + 1] == UInt8(ascii: "u") else {
                hasLoneSurrogate = true
                return
            }
            let mark = at
            at &+= 2
            if try codeUnit() & 0xFC00 != 0xDC00 {
                hasLoneSurrogate = true
                at = mark  // the second escape stands for itself
            }
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            at &+= 1
        default: throw fail(.badString)
        }
    }

    private mutating func codeUnit() throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Hex.value(of: try byte()) else { throw fail(.badString) }
            unit = unit << 4 | UInt16(digit)
            at &+= 1
        }
        return unit
    }

    /// One character of two to four bytes, by the table of well-formed sequences (Unicode 15, table 3-7): no overlong form, no surrogate.
    private mutating func multibyte(lead: UInt8) throws(JSONError) {
        let (length, second): (Int, ClosedRange<UInt8>)
        switch lead {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw fail(.badUTF8)
        }
        guard at + length <= end, second.contains(text[at + 1]) else { throw fail(.badUTF8) }
        for place in 2..<max(2, length) where text[at + place] & 0xC0 != 0x80 { throw fail(.badUTF8) }
        at &+= length
    }

    @inline(__always)
    private mutating func number() throws(JSONError) {
        let start = at
        if text[at] == UInt8(ascii: "-") { at &+= 1 }
        guard let first = peek(), ASCII.isDigit(first) else { throw fail(.badNumber) }
        at &+= 1
        if first != UInt8(ascii: "0") { skipDigits() }
        if let mark = peek(), mark == UInt8(ascii: ".") || mark | 0x20 == UInt8(ascii: "e") { try fraction() }
        try append(.number, from: start, to: at)
    }

    @inline(never)
    private mutating func fraction() throws(JSONError) {
        if peek() == UInt8(ascii: ".") {
            at &+= 1
            try digits()
        }
        guard let mark = peek(), mark | 0x20 == UInt8(ascii: "e") else { return }
        at &+= 1
        if let sign = peek(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { at &+= 1 }
        try digits()
    }

    private mutating func digits() throws(JSONError) {
        guard let digit = peek(), ASCII.isDigit(digit) else { throw fail(.badNumber) }
        skipDigits()
    }

    @inline(__always)
    private mutating func literal(_ word: StaticString, _ kind: JSONNode.Kind) throws(JSONError) {
        let count = word.utf8CodeUnitCount
        guard end &- at >= count else { throw fail(.endedEarly) }
        guard memcmp(text + at, word.utf8Start, count) == 0 else { throw fail(.unexpected) }
        try append(kind, from: at, to: at &+ count)
        at &+= count
    }

    @inline(__always)
    private mutating func append(_ kind: JSONNode.Kind, from start: Int, to end: Int, escaped: Bool = false) throws(JSONError) {
        guard count < capacity else {
            isFull = true
            throw fail(.endedEarly)
        }
        // A text has fewer bytes than 32 bits count; see `JSONNode`.
        let node = JSONNode(
            kind: kind, escaped: escaped, start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end),
            next: UInt32(truncatingIfNeeded: count &+ 1))
        (nodes + count).initialize(to: node)
        count &+= 1
    }

    /// The innermost container that is open ends here.
    @inline(__always)
    private mutating func close() {
        let container = open
        open = Int(nodes[container].next)
        depth &-= 1
        nodes[container].end = UInt32(truncatingIfNeeded: at)
        nodes[container].next = UInt32(truncatingIfNeeded: count)
        isInObject = depth > 0 && nodes[open].kind == .object
    }

    @inline(__always)
    private mutating func skipBlank() {
        while at < end, text[at] <= 0x20, Self.isBlank(text[at]) { at &+= 1 }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    @inline(__always)
    private mutating func skipDigits() {
        while at < end, ASCII.isDigit(text[at]) { at &+= 1 }
    }

    @inline(__always)
    private func peek() -> UInt8? { at < end ? text[at] : nil }

    @inline(__always)
    private func byte() throws(JSONError) -> UInt8 {
        guard at < end else { throw fail(.endedEarly) }
        return text[at]
    }

    private func fail(_ fault: JSONError.Fault) -> JSONError { JSONError(fault: fault, offset: at) }
}
