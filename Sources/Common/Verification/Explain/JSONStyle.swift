/// One of the ways in which programs write JSON.
struct JSONStyle {
    enum Layout: CaseIterable {
        /// JavaScript, PHP.
        case compact
        /// Python: a blank behind `:` and `,`.
        case spaced
        /// Two and four blanks a level.
        case two, four
    }

    let layout: Layout
    /// `\/`, as PHP has it.
    let escapesSlashes: Bool
    /// `\u00e9`, as Python and PHP have it.
    let escapesUnicode: Bool
    let sortsNames: Bool

    static let all = [false, true].flatMap { sorts in
        Layout.allCases.flatMap { layout in
            [(false, false), (false, true), (true, false), (true, true)].map { slashes, unicode in
                JSONStyle(layout: layout, escapesSlashes: slashes, escapesUnicode: unicode, sortsNames: sorts)
            }
        }
    }

    var words: String {
        let spacing =
            switch layout {
            case .compact: "without blanks"
            case .spaced: "with a blank behind : and ,"
            case .two: "in lines indented by two blanks"
            case .four: "in lines indented by four blanks"
            }
        let more = [
            escapesSlashes ? "/ as \\/" : "/ as it is", escapesUnicode ? "other letters as \\u…" : "letters as they are",
            sortsNames ? "names sorted" : nil,
        ]
        return ([spacing] + more.compactMap { $0 }).joined(separator: ", ")
    }

    /// Numbers keep their spelling. As deep as the document was allowed to be.
    func text(of value: JSONValue) -> Bytes {
        var text = Bytes()
        write(value, level: 0, to: &text)
        return text
    }

    private func write(_ value: JSONValue, level: Int, to text: inout Bytes) {
        if value.isObject {
            var members: [(name: String, value: JSONValue)] = []
            value.forEachMember { members.append(($0.string ?? "", $1)) }
            if sortsNames { members.sort { Bytes($0.name.utf8).lexicographicallyPrecedes(Bytes($1.name.utf8)) } }
            list(members, "{", "}", level, &text) { member, text in
                quote(member.name, to: &text)
                text += Bytes((layout == .compact ? ":" : ": ").utf8)
                write(member.value, level: level + 1, to: &text)
            }
        } else if value.isArray {
            list(value.elements, "[", "]", level, &text) { write($0, level: level + 1, to: &$1) }
        } else if let string = value.string {
            quote(string, to: &text)
        } else {
            text += value.raw
        }
    }

    private func list<Item>(
        _ items: [Item], _ open: Character, _ close: Character, _ level: Int, _ text: inout Bytes, _ write: (Item, inout Bytes) -> Void
    ) {
        text += Bytes(String(open).utf8)
        for (place, item) in items.enumerated() {
            if place > 0 { text += Bytes((layout == .spaced ? ", " : ",").utf8) }
            breakLine(level + 1, &text)
            write(item, &text)
        }
        if !items.isEmpty { breakLine(level, &text) }
        text += Bytes(String(close).utf8)
    }

    private func breakLine(_ level: Int, _ text: inout Bytes) {
        guard layout == .two || layout == .four else { return }
        text.append(0x0A)
        text += Bytes(repeating: 0x20, count: level * (layout == .two ? 2 : 4))
    }

    private func quote(_ string: String, to text: inout Bytes) {
        text.append(UInt8(ascii: "\""))
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"", "\\": text += Bytes("\\\(scalar)".utf8)
            case "/": text += Bytes((escapesSlashes ? "\\/" : "/").utf8)
            case "\u{8}": text += Bytes("\\b".utf8)
            case "\u{C}": text += Bytes("\\f".utf8)
            case "\n": text += Bytes("\\n".utf8)
            case "\r": text += Bytes("\\r".utf8)
            case "\t": text += Bytes("\\t".utf8)
            case _ where scalar.value < 0x20 || escapesUnicode && scalar.value > 0x7E:
                for unit in String(scalar).utf16 { text += Bytes("\\u".utf8) + Hex.encode([UInt8(unit >> 8), UInt8(unit & 255)]) }
            default: text += Bytes(String(scalar).utf8)
            }
        }
        text.append(UInt8(ascii: "\""))
    }
}
