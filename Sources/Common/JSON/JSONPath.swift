/// A way to one value: `$`, then `.name`, `['name']`, `[number]` or a filter any number of times (the plain part of RFC 9535).
///
/// A filter, `[?@.type=='email']` or `[?@.id==$.primary]`, picks the array's first element whose member is that text; the way behind
/// `==` has names alone.
public struct JSONPath: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringLiteral {
    enum Step: Sendable, Hashable {
        case name(Bytes)
        case place(Int)
        case firstWhere(Bytes, Comparand)
    }

    enum Comparand: Sendable, Hashable {
        case text(String)
        case names([Bytes])
    }

    public let description: String
    let steps: [Step]
    /// The steps, where all of them are names; else empty.
    let names: [Bytes]

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
            case UInt8(ascii: "[") where rest.first == UInt8(ascii: "'"):
                guard let name = Self.quoted(&rest), !name.isEmpty, rest.popFirst() == UInt8(ascii: "]") else { return nil }
                steps.append(.name(name))
            case UInt8(ascii: "[") where rest.first == UInt8(ascii: "?"):
                guard let filter = Self.filter(&rest) else { return nil }
                steps.append(filter)
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
        let names = steps.compactMap { if case .name(let name) = $0 { name } else { nil } }
        self.names = names.count == steps.count ? names : []
    }

    /// The text between single quotes at the front. No escapes: no name of the catalogue needs one.
    private static func quoted(_ rest: inout ArraySlice<UInt8>) -> Bytes? {
        guard rest.popFirst() == UInt8(ascii: "'"), let end = rest.firstIndex(of: UInt8(ascii: "'")) else { return nil }
        defer { rest = rest[(end + 1)...] }
        return Bytes(rest[..<end])
    }

    /// `?@.name=='text'` or `?@.name==$.name.name`, and the bracket that closes it.
    private static func filter(_ rest: inout ArraySlice<UInt8>) -> Step? {
        guard rest.starts(with: "?@.".utf8) else { return nil }
        rest = rest.dropFirst(3)
        let name = Bytes(rest.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "]") })
        rest = rest.dropFirst(name.count)
        guard !name.isEmpty, rest.starts(with: "==".utf8) else { return nil }
        rest = rest.dropFirst(2)
        let comparand: Comparand
        if rest.first == UInt8(ascii: "'") {
            guard let text = quoted(&rest) else { return nil }
            comparand = .text(String(decoding: text, as: UTF8.self))
        } else {
            let way = rest.prefix { $0 != UInt8(ascii: "]") }
            rest = rest.dropFirst(way.count)
            guard way.starts(with: "$.".utf8) else { return nil }
            comparand = .names(way.dropFirst(2).split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map(Bytes.init))
        }
        return rest.popFirst() == UInt8(ascii: "]") ? .firstWhere(name, comparand) : nil
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
        guard path.names.isEmpty else {
            return document.place(behind: path.names, from: index).map { JSONValue(document: document, index: $0) }
        }
        var here = self
        for step in path.steps {
            let next: JSONValue? =
                switch step {
                case .name(let name): here[name]
                case .place(let place): here[place]
                case .firstWhere(let name, let comparand): here.first(whose: name, is: comparand, root: self)
                }
            guard let next else { return nil }
            here = next
        }
        return here
    }

    private func first(whose name: Bytes, is comparand: JSONPath.Comparand, root: JSONValue) -> JSONValue? {
        let wanted: String? =
            switch comparand {
            case .text(let text): text
            case .names(let names): names.reduce(root) { here, name in here?[name] }?.scalarText
            }
        guard let wanted else { return nil }
        return elements.first { $0[name]?.scalarText == wanted }
    }

    /// The first of several places that holds a text or a number which is not empty.
    public func firstText(at paths: [JSONPath]) -> String? {
        for path in paths {
            if let text = value(at: path)?.scalarText, !text.isEmpty { return text }
        }
        return nil
    }
}
