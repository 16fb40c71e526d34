extension JSONValue {
    /// Two blanks a level, a member a line; numbers and strings as they are written.
    public var pretty: String { String(decoding: lines(at: 0), as: UTF8.self) }

    /// The document is no deeper than the scanner allows.
    private func lines(at level: Int) -> Bytes {
        var parts: [Bytes] = []
        if isObject {
            forEachMember { name, value in parts.append(JSONText.quoted(name.string ?? "") + Bytes(": ".utf8) + value.lines(at: level + 1))
            }
            return Self.block("{", parts, "}", at: level)
        }
        guard isArray else { return Bytes(raw) }
        return Self.block("[", elements.map { $0.lines(at: level + 1) }, "]", at: level)
    }

    private static func block(_ open: String, _ parts: [Bytes], _ close: String, at level: Int) -> Bytes {
        guard !parts.isEmpty else { return Bytes("\(open)\(close)".utf8) }
        let indent = String(repeating: "  ", count: level)
        let inner = Bytes(parts.map { Bytes("\(indent)  ".utf8) + $0 }.joined(separator: Bytes(",\n".utf8)))
        return Bytes("\(open)\n".utf8) + inner + Bytes("\n\(indent)\(close)".utf8)
    }
}
