import Common

/// JSON to be printed: members keep the order in which they were added, numbers the spelling in which they came.
indirect enum JSONTree: Equatable {
    case null
    case bool(Bool)
    /// A number as it is written.
    case number(String)
    case string(String)
    case array([JSONTree])
    case object([Member])

    struct Member: Equatable {
        let name: String
        let value: JSONTree
    }

    /// A value that was read.
    init(_ value: JSONValue) {
        if value.isObject {
            var members: [Member] = []
            value.forEachMember { members.append(Member(name: $0.string ?? "", value: JSONTree($1))) }
            self = .object(members)
        } else if value.isArray {
            self = .array(value.elements.map(JSONTree.init))
        } else if let text = value.string {
            self = .string(text)
        } else {
            switch value.scalarText {
            case "true": self = .bool(true)
            case "false": self = .bool(false)
            case let number?: self = .number(number)
            case nil: self = .null
            }
        }
    }

    init(_ text: String?) { self = text.map { .string($0) } ?? .null }

    init(_ number: Int?) { self = number.map { .number(String($0)) } ?? .null }

    init(_ moment: Timestamp?) { self = moment.map { .string($0.description) } ?? .null }

    /// Two blanks a level.
    var text: String {
        var text = ""
        write(to: &text, indent: "")
        return text
    }

    /// Without a line end, for JSON lines.
    var line: String {
        switch self {
        case .array(let elements): "[" + elements.map(\.line).joined(separator: ",") + "]"
        case .object(let members): "{" + members.map { "\(Self.quoted($0.name)):\($0.value.line)" }.joined(separator: ",") + "}"
        default: text
        }
    }

    private func write(to text: inout String, indent: String) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .number(let number): text += number
        case .string(let string): text += Self.quoted(string)
        case .array(let elements):
            Self.write(elements, between: ("[", "]"), to: &text, indent) { $0.write(to: &$1, indent: $2) }
        case .object(let members):
            Self.write(members, between: ("{", "}"), to: &text, indent) { member, text, indent in
                text += Self.quoted(member.name) + ": "
                member.value.write(to: &text, indent: indent)
            }
        }
    }

    private static func write<Item>(
        _ items: [Item], between brackets: (String, String), to text: inout String, _ indent: String,
        _ item: (Item, inout String, String) -> Void
    ) {
        text += brackets.0
        let inner = indent + "  "
        for (index, value) in items.enumerated() {
            text += (index > 0 ? ",\n" : "\n") + inner
            item(value, &text, inner)
        }
        text += (items.isEmpty ? "" : "\n" + indent) + brackets.1
    }

    /// As `JSONText` has it; further control characters are escaped too, for the terminal's sake.
    private static func quoted(_ string: String) -> String {
        let json = String(decoding: JSONText.quoted(string), as: UTF8.self)
        guard json.unicodeScalars.contains(where: \.isControl) else { return json }
        return json.unicodeScalars.reduce(into: "") { text, scalar in
            if scalar.isControl {
                text += "\\u" + String(("000" + String(scalar.value, radix: 16)).suffix(4))
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
    }
}

extension JSONTree: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral {
    init(dictionaryLiteral members: (String, JSONTree)...) { self = .object(members.map { Member(name: $0.0, value: $0.1) }) }

    init(arrayLiteral elements: JSONTree...) { self = .array(elements) }
}
