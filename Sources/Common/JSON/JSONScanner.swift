import Glibc

/// One pass over a text: accepts exactly what RFC 8259 accepts (UTF-8 only, section 8.1) and notes where each value stands.
/// It neither recurses nor copies; depth is bounded by the caller.
struct JSONScanner {
    private let text: UnsafeBufferPointer<UInt8>
    private let maxDepth: Int
    private var at = 0
    /// What was found so far, in memory of its own that `free` gives back: an array would be asked at each step whether it is shared.
    private var nodes: UnsafeMutablePointer<JSONNode>
    private var count = 0
    private var capacity: Int
    /// The innermost container that is open, and how many are. While one is open, its `next` is the one around it.
    private var open = 0
    private var depth = 0
    /// Set when an escape names half of a surrogate pair: RFC 8259, section 8.2, allows it and many readers (PHP's among them) do not.
    private(set) var hasLoneSurrogate = false

    /// `text` must stay valid while the scanner lives.
    init(_ text: UnsafeBufferPointer<UInt8>, maxDepth: Int) {
        self.text = text
        self.maxDepth = maxDepth
        capacity = text.count / 12 + 4
        nodes = .allocate(capacity: capacity)
    }

    var found: [JSONNode] { Array(UnsafeBufferPointer(start: nodes, count: count)) }

    func free() { nodes.deallocate() }

    mutating func run() throws(JSONError) {
        skipBlank()
        guard at < text.count else { throw fail(.empty) }
        while true {
            if try value() { continue }
            // A value is complete: close what it completes, or go to the next one.
            var more = false
            while !more, depth > 0 {
                skipBlank()
                let isObject = nodes[open].kind == .object
                switch try byte() {
                case UInt8(ascii: ","):
                    at += 1
                    skipBlank()
                    if isObject { try key() }
                    more = true
                case UInt8(ascii: "}") where isObject, UInt8(ascii: "]") where !isObject:
                    at += 1
                    close()
                default:
                    throw fail(.unexpected)
                }
            }
            if !more { break }
        }
        skipBlank()
        guard at == text.count else { throw fail(.trailing) }
    }

    /// Reads one scalar or an opening bracket. True when it opened a container that has a first value to read.
    @inline(__always)
    private mutating func value() throws(JSONError) -> Bool {
        let first = try byte()
        switch first {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard depth < maxDepth else { throw fail(.tooDeep) }
            let isObject = first == UInt8(ascii: "{")
            let container = count
            append(isObject ? .object : .array, from: at, to: at)
            at += 1
            skipBlank()
            if try byte() == first + 2 {  // ASCII: "{" + 2 is "}", "[" + 2 is "]"
                at += 1
                nodes[container].end = UInt32(truncatingIfNeeded: at)
                return false
            }
            nodes[container].next = UInt32(truncatingIfNeeded: open)
            (open, depth) = (container, depth + 1)
            if isObject { try key() }
            return true
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "t"): try literal("true", .yes)
        case UInt8(ascii: "f"): try literal("false", .no)
        case UInt8(ascii: "n"): try literal("null", .null)
        default: try number()
        }
        return false
    }

    @inline(__always)
    private mutating func key() throws(JSONError) {
        guard try byte() == UInt8(ascii: "\"") else { throw fail(.unexpected) }
        try string()
        skipBlank()
        guard try byte() == UInt8(ascii: ":") else { throw fail(.unexpected) }
        at += 1
        skipBlank()
    }

    /// Most are plain to their end, and need no second look.
    @inline(__always)
    private mutating func string() throws(JSONError) {
        let start = at + 1
        at = start
        skipPlain()
        let isPlain = at < text.count && text[at] == UInt8(ascii: "\"")
        let escaped = isPlain ? false : try skipRest()
        append(.string, from: start, to: at)
        if escaped { nodes[count - 1].escaped = true }
        at += 1
    }

    /// To the closing quote, over escapes and what is not ASCII. True where there was an escape.
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
            skipPlain()
        }
    }

    private mutating func escape() throws(JSONError) {
        at += 1
        switch try byte() {
        case UInt8(ascii: "u"):
            at += 1
            let unit = try codeUnit()
            if unit & 0xFC00 == 0xDC00 { hasLoneSurrogate = true }
            guard unit & 0xFC00 == 0xD800 else { return }
            guard at + 1 < text.count, text[at] == UInt8(ascii: "\\"), text[at + 1] == UInt8(ascii: "u") else {
                hasLoneSurrogate = true
                return
            }
            let mark = at
            at += 2
            if try codeUnit() & 0xFC00 != 0xDC00 {
                hasLoneSurrogate = true
                at = mark  // the second escape stands for itself
            }
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            at += 1
        default: throw fail(.badString)
        }
    }

    private mutating func codeUnit() throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Hex.value(of: try byte()) else { throw fail(.badString) }
            unit = unit << 4 | UInt16(digit)
            at += 1
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
        guard at + length <= text.count, second.contains(text[at + 1]) else { throw fail(.badUTF8) }
        for place in 2..<max(2, length) where text[at + place] & 0xC0 != 0x80 { throw fail(.badUTF8) }
        at += length
    }

    private mutating func number() throws(JSONError) {
        let start = at
        if peek() == UInt8(ascii: "-") { at += 1 }
        guard let first = peek(), ASCII.isDigit(first) else { throw fail(at == start ? .unexpected : .badNumber) }
        if first == UInt8(ascii: "0") { at += 1 } else { skipDigits() }
        if peek() == UInt8(ascii: ".") {
            at += 1
            try digits()
        }
        if let mark = peek(), mark | 0x20 == UInt8(ascii: "e") {
            at += 1
            if let sign = peek(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { at += 1 }
            try digits()
        }
        append(.number, from: start, to: at)
    }

    private mutating func digits() throws(JSONError) {
        guard let digit = peek(), ASCII.isDigit(digit) else { throw fail(.badNumber) }
        skipDigits()
    }

    private mutating func literal(_ word: StaticString, _ kind: JSONNode.Kind) throws(JSONError) {
        let count = word.utf8CodeUnitCount
        guard at + count <= text.count, let start = text.baseAddress else { throw fail(.endedEarly) }
        guard memcmp(start + at, word.utf8Start, count) == 0 else { throw fail(.unexpected) }
        append(kind, from: at, to: at + count)
        at += count
    }

    @inline(__always)
    private mutating func append(_ kind: JSONNode.Kind, from start: Int, to end: Int) {
        if count == capacity { grow() }
        // A text has fewer bytes than 32 bits count; see `JSONNode`.
        let node = JSONNode(
            kind: kind, start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end),
            next: UInt32(truncatingIfNeeded: count &+ 1))
        (nodes + count).initialize(to: node)
        count &+= 1
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<JSONNode>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: nodes, count: count)
        nodes.deallocate()
        (nodes, capacity) = (larger, capacity * 2)
    }

    /// Over what stands in a string for itself.
    @inline(__always)
    private mutating func skipPlain() {
        guard let start = text.baseAddress else { return }
        at = PlainRun.end(start, from: at, to: text.count, asciiOnly: true)
    }

    /// The innermost container that is open ends here.
    private mutating func close() {
        let container = open
        open = Int(nodes[container].next)
        depth -= 1
        nodes[container].end = UInt32(truncatingIfNeeded: at)
        nodes[container].next = UInt32(truncatingIfNeeded: count)
    }

    @inline(__always)
    private mutating func skipBlank() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
    }

    private mutating func skipDigits() {
        while let byte = peek(), ASCII.isDigit(byte) { at += 1 }
    }

    @inline(__always)
    private func peek() -> UInt8? { at < text.count ? text[at] : nil }

    @inline(__always)
    private func byte() throws(JSONError) -> UInt8 {
        guard at < text.count else { throw fail(.endedEarly) }
        return text[at]
    }

    private func fail(_ fault: JSONError.Fault) -> JSONError { JSONError(fault: fault, offset: at) }
}
