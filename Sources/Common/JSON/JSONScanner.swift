import Glibc

/// One pass over a text: accepts exactly what RFC 8259 accepts (UTF-8 only, section 8.1) and notes where each value stands.
/// It neither recurses nor copies; depth is bounded by the caller.
///
/// Where it stands is passed along as `at`, in a register: a field of this type would be written to memory at each step.
struct JSONScanner {
    private let text: UnsafePointer<UInt8>
    private let end: Int
    private let maxDepth: Int
    /// Room of the caller's.
    private let nodes: UnsafeMutablePointer<JSONNode>
    private let room: Int

    /// What a text holds.
    struct Found {
        /// Values, written into the caller's room.
        var count = 0
        /// An escape names half of a surrogate pair: RFC 8259, section 8.2, allows it and many readers (PHP's among them) do not.
        var hasLoneSurrogate = false
    }

    /// `text` and `nodes` must stay valid while the scanner lives.
    init(_ text: UnsafeBufferPointer<UInt8>, into nodes: UnsafeMutableBufferPointer<JSONNode>, maxDepth: Int) throws(JSONError) {
        guard let start = text.baseAddress, let room = nodes.baseAddress else { throw JSONError(fault: .empty, offset: 0) }
        self.text = start
        end = text.count
        self.nodes = room
        self.room = nodes.count
        self.maxDepth = maxDepth
    }

    /// Nil where there are more values than there is room for.
    func run() throws(JSONError) -> Found? {
        var found = Found()
        var count = 0
        // The innermost container that is open, and how many are. While one is open, its `next` is the one around it.
        var (open, depth, isInObject) = (0, 0, false)
        var at = blank(from: 0)
        guard at < end else { throw fail(.empty, at) }
        while true {
            // A value, behind its name where it has one.
            guard count &+ 2 <= room else { return nil }
            if isInObject {
                guard try byte(at) == UInt8(ascii: "\"") else { throw fail(.unexpected, at) }
                let (close, kind) = try string(from: at &+ 1, &found)
                note(kind, at &+ 1, close, &count)
                at = blank(from: close &+ 1)
                guard try byte(at) == UInt8(ascii: ":") else { throw fail(.unexpected, at) }
                at = blank(from: at &+ 1)
            }
            let first = try byte(at)
            switch first {
            case UInt8(ascii: "\""):
                let (close, kind) = try string(from: at &+ 1, &found)
                note(kind, at &+ 1, close, &count)
                at = close &+ 1
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                let close = try number(from: at)
                note(Kind(.number), at, close, &count)
                at = close
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard depth < maxDepth else { throw fail(.tooDeep, at) }
                let isObject = first == UInt8(ascii: "{")
                let container = count
                note(Kind(isObject ? .object : .array), at, at, &count)
                at = blank(from: at &+ 1)
                guard try byte(at) == first &+ 2 else {  // ASCII: "{" + 2 is "}", "[" + 2 is "]"
                    nodes[container].next = UInt32(truncatingIfNeeded: open)
                    (open, depth, isInObject) = (container, depth &+ 1, isObject)
                    continue
                }
                at &+= 1
                nodes[container].end = UInt32(truncatingIfNeeded: at)
            default:
                let (close, kind) = try literal(first, from: at)
                note(kind, at, close, &count)
                at = close
            }
            // The value is complete: close what it completes, and go to the next one.
            while true {
                at = blank(from: at)
                guard depth > 0 else {
                    guard at == end else { throw fail(.trailing, at) }
                    found.count = count
                    return found
                }
                let mark = try byte(at)
                if mark == UInt8(ascii: ",") {
                    at = blank(from: at &+ 1)
                    break
                }
                guard mark == (isInObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { throw fail(.unexpected, at) }
                at &+= 1
                let container = open
                open = Int(nodes[container].next)
                depth &-= 1
                nodes[container].end = UInt32(truncatingIfNeeded: at)
                nodes[container].next = UInt32(truncatingIfNeeded: count)
                isInObject = depth > 0 && nodes[open].kind == .object
            }
        }
    }

    private struct Kind {
        let kind: JSONNode.Kind
        let escaped: Bool

        init(_ kind: JSONNode.Kind, escaped: Bool = false) { (self.kind, self.escaped) = (kind, escaped) }
    }

    @inline(__always)
    private func note(_ kind: Kind, _ start: Int, _ end: Int, _ count: inout Int) {
        // A text has fewer bytes than 32 bits count; see `JSONNode`.
        let node = JSONNode(
            kind: kind.kind, escaped: kind.escaped, start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end),
            next: UInt32(truncatingIfNeeded: count &+ 1))
        (nodes + count).initialize(to: node)
        count &+= 1
    }

    // MARK: Each from where it begins to where it ends

    /// To the closing quote. Most are plain to their end, and need no second look.
    @inline(__always)
    private func string(from start: Int, _ found: inout Found) throws(JSONError) -> (end: Int, Kind) {
        let at = PlainRun.end(text, from: start, to: end, asciiOnly: true)
        if at < end, text[at] == UInt8(ascii: "\"") { return (at, Kind(.string)) }
        let (close, escaped, hasLoneSurrogate) = try rest(from: at)
        if hasLoneSurrogate { found.hasLoneSurrogate = true }
        return (close, Kind(.string, escaped: escaped))
    }

    /// To the closing quote, over escapes and what is not ASCII.
    @inline(never)
    private func rest(from start: Int) throws(JSONError) -> (end: Int, escaped: Bool, hasLoneSurrogate: Bool) {
        var at = start
        var (escaped, hasLoneSurrogate) = (false, false)
        while true {
            let byte = try byte(at)
            switch byte {
            case UInt8(ascii: "\""): return (at, escaped, hasLoneSurrogate)
            case UInt8(ascii: "\\"):
                escaped = true
                at = try escape(from: at, &hasLoneSurrogate)
            case 0x80...: at = try multibyte(lead: byte, from: at)
            default: throw fail(.badString, at)
            }
            at = PlainRun.end(text, from: at, to: end, asciiOnly: true)
        }
    }

    private func escape(from start: Int, _ hasLoneSurrogate: inout Bool) throws(JSONError) -> Int {
        switch try byte(start &+ 1) {
        case UInt8(ascii: "u"):
            let unit = try codeUnit(from: start &+ 2)
            let at = start &+ 6
            if unit & 0xFC00 == 0xDC00 { hasLoneSurrogate = true }
            guard unit & 0xFC00 == 0xD800 else { return at }
            if at &+ 1 < end, text[at] == UInt8(ascii: "\\"), text[at &+ 1] == UInt8(ascii: "u"),
                try codeUnit(from: at &+ 2) & 0xFC00 == 0xDC00
            {
                return at &+ 6
            }
            hasLoneSurrogate = true
            return at  // a second escape stands for itself
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return start &+ 2
        default: throw fail(.badString, start &+ 1)
        }
    }

    private func codeUnit(from start: Int) throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for at in start..<start &+ 4 {
            guard let digit = Hex.value(of: try byte(at)) else { throw fail(.badString, at) }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    /// One character of two to four bytes, by the table of well-formed sequences (Unicode 15, table 3-7): no overlong form, no surrogate.
    private func multibyte(lead: UInt8, from at: Int) throws(JSONError) -> Int {
        let (length, second): (Int, ClosedRange<UInt8>)
        switch lead {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw fail(.badUTF8, at)
        }
        guard at + length <= end, second.contains(text[at + 1]) else { throw fail(.badUTF8, at) }
        for place in 2..<max(2, length) where text[at + place] & 0xC0 != 0x80 { throw fail(.badUTF8, at) }
        return at &+ length
    }

    @inline(__always)
    private func number(from start: Int) throws(JSONError) -> Int {
        var at = text[start] == UInt8(ascii: "-") ? start &+ 1 : start
        guard at < end, ASCII.isDigit(text[at]) else { throw fail(.badNumber, at) }
        at = text[at] == UInt8(ascii: "0") ? at &+ 1 : digits(from: at &+ 1)
        guard at < end, text[at] == UInt8(ascii: ".") || text[at] | 0x20 == UInt8(ascii: "e") else { return at }
        return try fraction(from: at)
    }

    @inline(never)
    private func fraction(from start: Int) throws(JSONError) -> Int {
        var at = start
        if text[at] == UInt8(ascii: ".") { at = try someDigits(from: at &+ 1) }
        guard at < end, text[at] | 0x20 == UInt8(ascii: "e") else { return at }
        at &+= 1
        if at < end, text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-") { at &+= 1 }
        return try someDigits(from: at)
    }

    private func someDigits(from at: Int) throws(JSONError) -> Int {
        guard at < end, ASCII.isDigit(text[at]) else { throw fail(.badNumber, at) }
        return digits(from: at)
    }

    @inline(__always)
    private func digits(from start: Int) -> Int {
        var at = start
        while at < end, ASCII.isDigit(text[at]) { at &+= 1 }
        return at
    }

    @inline(__always)
    private func literal(_ first: UInt8, from at: Int) throws(JSONError) -> (end: Int, Kind) {
        switch first {
        case UInt8(ascii: "n"): (try word("null", from: at), Kind(.null))
        case UInt8(ascii: "t"): (try word("true", from: at), Kind(.yes))
        case UInt8(ascii: "f"): (try word("false", from: at), Kind(.no))
        default: throw fail(.unexpected, at)
        }
    }

    @inline(__always)
    private func word(_ word: StaticString, from at: Int) throws(JSONError) -> Int {
        let count = word.utf8CodeUnitCount
        guard end &- at >= count else { throw fail(.endedEarly, at) }
        guard memcmp(text + at, word.utf8Start, count) == 0 else { throw fail(.unexpected, at) }
        return at &+ count
    }

    @inline(__always)
    private func blank(from start: Int) -> Int {
        var at = start
        while at < end, text[at] <= 0x20, Self.isBlank(text[at]) { at &+= 1 }
        return at
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    @inline(__always)
    private func byte(_ at: Int) throws(JSONError) -> UInt8 {
        guard at < end else { throw fail(.endedEarly, at) }
        return text[at]
    }

    private func fail(_ fault: JSONError.Fault, _ at: Int) -> JSONError { JSONError(fault: fault, offset: at) }
}
