/// RFC 8259's grammar, written down as it stands there: slow, recursive, and nothing like the scanner that it is held against.
struct JSONGrammar {
    private var rest: Substring.UnicodeScalarView

    static func has(_ input: [UInt8]) -> Bool {
        guard let text = String(validating: input, as: UTF8.self) else { return false }
        var grammar = JSONGrammar(rest: text[...].unicodeScalars)
        return grammar.element() && grammar.rest.isEmpty
    }

    /// ws value ws
    private mutating func element() -> Bool {
        blanks()
        let found = value()
        blanks()
        return found
    }

    private mutating func value() -> Bool {
        switch rest.first {
        case "{": list("{", "}") { $0.member() }
        case "[": list("[", "]") { $0.element() }
        case "\"": string()
        case "t": word("true")
        case "f": word("false")
        case "n": word("null")
        default: number()
        }
    }

    private mutating func list(_ begin: Unicode.Scalar, _ end: Unicode.Scalar, of item: (inout JSONGrammar) -> Bool) -> Bool {
        guard take(begin) else { return false }
        blanks()
        if take(end) { return true }
        repeat { guard item(&self) else { return false } } while take(",")
        return take(end)
    }

    private mutating func member() -> Bool {
        blanks()
        guard string() else { return false }
        blanks()
        return take(":") && element()
    }

    private mutating func string() -> Bool {
        guard take("\"") else { return false }
        while let next = rest.popFirst() {
            if next == "\"" { return true }
            guard next.value >= 0x20 else { return false }
            guard next == "\\" else { continue }
            guard let escaped = rest.popFirst() else { return false }
            if escaped == "u" {
                let digits = rest.prefix(4)
                guard digits.count == 4, digits.allSatisfy(\.properties.isASCIIHexDigit) else { return false }
                rest = rest.dropFirst(4)
            } else if !"\"\\/bfnrt".unicodeScalars.contains(escaped) {
                return false
            }
        }
        return false
    }

    /// [ minus ] int [ frac ] [ exp ]
    private mutating func number() -> Bool {
        _ = take("-")
        if !take("0") { guard digits() else { return false } }
        if take("."), !digits() { return false }
        guard take("e") || take("E") else { return true }
        if !take("+") { _ = take("-") }
        return digits()
    }

    private mutating func digits() -> Bool {
        let digits = rest.prefix { ("0"..."9").contains($0) }
        rest = rest.dropFirst(digits.count)
        return !digits.isEmpty
    }

    private mutating func blanks() { rest = rest.drop { " \t\r\n".unicodeScalars.contains($0) } }

    private mutating func word(_ word: String) -> Bool { word.unicodeScalars.allSatisfy { take($0) } }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard rest.first == scalar else { return false }
        rest.removeFirst()
        return true
    }
}
