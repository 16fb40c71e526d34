/// A way to one value: `$`, then `.name` or `[number]` any number of times (the plain part of RFC 9535).
public struct JSONPath: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringLiteral {
    enum Step: Sendable, Hashable { case name(Bytes), place(Int) }

    public let description: String
    let steps: [Step]

    public init?(_ text: String) {
        guard text.utf8.first == UInt8(ascii: "$") else { return nil }
        var steps: [Step] = []
        var rest = Array(text.utf8)[1...]
        while let mark = rest.popFirst() {
            switch mark {
            case UInt8(ascii: "."):
                let name = rest.prefix { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "[") }
                guard !name.isEmpty else { return nil }
                steps.append(.name(Bytes(name)))
                rest = rest.dropFirst(name.count)
            case UInt8(ascii: "["):
                let digits = rest.prefix(while: ASCII.isDigit)
                guard digits.count <= 6, let place = Int64(decimalDigits: digits) else { return nil }
                rest = rest.dropFirst(digits.count)
                guard rest.popFirst() == UInt8(ascii: "]") else { return nil }
                steps.append(.place(Int(place)))
            default: return nil
            }
        }
        description = text
        self.steps = steps
    }

    /// For the catalogue's own literals, which a test reads all of. A wrong one is a programming error.
    public init(stringLiteral text: String) {
        guard let path = JSONPath(text) else { preconditionFailure("not a JSON path: \(text)") }
        self = path
    }
}

extension JSONValue {
    /// The value there, or nil where any step is missing. A null counts as there.
    public func value(at path: JSONPath) -> JSONValue? {
        var here = self
        for step in path.steps {
            let next: JSONValue? =
                switch step {
                case .name(let name): here[name]
                case .place(let place): here[place]
                }
            guard let next else { return nil }
            here = next
        }
        return here
    }

    /// The first of several places that holds a text or a number which is not empty.
    public func firstText(at paths: [JSONPath]) -> String? {
        for path in paths {
            if let text = value(at: path)?.scalarText, !text.isEmpty { return text }
        }
        return nil
    }
}
