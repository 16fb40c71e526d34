/// The plain part of XML 1.0 that Braintree writes: elements, texts, the five entities. Anything more (DTDs, CDATA, other entities) is refused.
enum XMLText {
    private static let mostDepth = 32

    /// The root element's content as one JSON object: an element's children are members, a repeated name or `type="array"` makes an array, and a
    /// leaf is a text. Nil for what is not such XML.
    static func json(of xml: Bytes) -> Bytes? {
        var reader = Reader(rest: xml[...])
        reader.skipProlog()
        guard let tag = reader.openingTag(), !tag.closed, let content = reader.content(of: tag, depth: 0) else { return nil }
        reader.skipBlanks()
        return reader.rest.isEmpty && content.first == UInt8(ascii: "{") ? content : nil
    }

    private struct Tag {
        let name: ArraySlice<UInt8>
        let isArray: Bool
        let closed: Bool
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func skipBlanks() { rest = rest.drop { (0x09...0x0D).contains($0) || $0 == 0x20 } }

        mutating func skipProlog() {
            skipBlanks()
            guard rest.starts(with: "<?xml".utf8), let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return }
            rest = rest[(end + 1)...]
            skipBlanks()
        }

        /// `<name a="b">` or `<name/>`; no `>` may stand within an attribute.
        mutating func openingTag() -> Tag? {
            guard rest.first == UInt8(ascii: "<"), let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return nil }
            var inside = rest[(rest.startIndex + 1)..<end]
            rest = rest[(end + 1)...]
            let closed = inside.last == UInt8(ascii: "/")
            if closed { inside = inside.dropLast() }
            let name = inside.prefix { $0 != 0x20 }
            let allowed = { (byte: UInt8) in ASCII.isDigit(byte) || ASCII.lowercased(byte) &- 0x61 < 26 || byte == 0x2D || byte == 0x5F }
            guard !name.isEmpty, name.allSatisfy(allowed) else { return nil }
            let attributes = inside.dropFirst(name.count).split(separator: 0x20)
            return Tag(name: name, isArray: attributes.contains { $0.elementsEqual("type=\"array\"".utf8) }, closed: closed)
        }

        private mutating func takeClosing(_ name: ArraySlice<UInt8>) -> Bool {
            let tag = Bytes("</".utf8) + name + [UInt8(ascii: ">")]
            guard rest.starts(with: tag) else { return false }
            rest = rest.dropFirst(tag.count)
            return true
        }

        /// What stands up to the closing tag, as JSON.
        mutating func content(of tag: Tag, depth: Int) -> Bytes? {
            guard depth < XMLText.mostDepth else { return nil }
            if tag.closed { return Bytes((tag.isArray ? "[]" : "null").utf8) }
            let text = rest.prefix { $0 != UInt8(ascii: "<") }
            var after = self
            after.rest = rest.dropFirst(text.count)
            if after.takeClosing(tag.name), !tag.isArray {
                self = after
                return XMLText.unescape(text).map(JSONText.quoted)
            }
            return children(of: tag, depth: depth)
        }

        private mutating func children(of tag: Tag, depth: Int) -> Bytes? {
            var members: [(name: ArraySlice<UInt8>, values: [Bytes])] = []
            while true {
                skipBlanks()
                if takeClosing(tag.name) { break }
                guard let child = openingTag(), let value = content(of: child, depth: depth + 1) else { return nil }
                if let place = members.firstIndex(where: { $0.name.elementsEqual(child.name) }) {
                    members[place].values.append(value)
                } else {
                    members.append((child.name, [value]))
                }
            }
            if tag.isArray { return XMLText.list(members.flatMap(\.values)) }
            let texts = members.map { name, values in
                JSONText.quoted(String(decoding: name, as: UTF8.self)) + Bytes(":".utf8)
                    + (values.count == 1 ? values[0] : XMLText.list(values))
            }
            return Bytes("{".utf8) + texts.joined(separator: Bytes(",".utf8)) + Bytes("}".utf8)
        }
    }

    private static func list(_ values: [Bytes]) -> Bytes { Bytes("[".utf8) + values.joined(separator: Bytes(",".utf8)) + Bytes("]".utf8) }

    private static func unescape(_ text: ArraySlice<UInt8>) -> String? {
        let entities: [(String, UInt8)] = [
            ("&lt;", 0x3C), ("&gt;", 0x3E), ("&amp;", 0x26), ("&quot;", 0x22), ("&apos;", 0x27), ("&#39;", 0x27),
        ]
        var decoded = Bytes()
        var rest = text
        while let byte = rest.first {
            if byte == UInt8(ascii: "&") {
                guard let (entity, meant) = entities.first(where: { rest.starts(with: $0.0.utf8) }) else { return nil }
                decoded.append(meant)
                rest = rest.dropFirst(entity.utf8.count)
            } else {
                decoded.append(byte)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }
}
