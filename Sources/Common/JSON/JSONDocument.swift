import Glibc

/// A JSON text (RFC 8259) that was checked once and is read in place: values are found by hopping over what stands between, nothing is
/// copied until asked for. A class: each value refers to it.
public final class JSONDocument: Sendable {
    public let bytes: Bytes
    let nodes: [JSONNode]
    /// An escape in it names half a surrogate pair, which PHP refuses to read.
    public let hasLoneSurrogate: Bool

    /// How deep objects and arrays may nest unless the caller says otherwise. PHP reads 512 and providers send under ten.
    public static let defaultDepth = 64

    public init(_ bytes: Bytes, maxDepth: Int = defaultDepth) throws(JSONError) {
        var room = bytes.count / 12 + 4
        while true {
            if let (nodes, hasLoneSurrogate) = try Self.scan(bytes, room: room, maxDepth: maxDepth) {
                (self.bytes, self.nodes, self.hasLoneSurrogate) = (bytes, nodes, hasLoneSurrogate)
                return
            }
            // Each takes a byte at least, so that this is enough in the end.
            room = min(room * 4, bytes.count + 4)
        }
    }

    /// Nil where there are more values than there is room for.
    private static func scan(_ bytes: Bytes, room: Int, maxDepth: Int) throws(JSONError) -> ([JSONNode], hasLoneSurrogate: Bool)? {
        var result: Result<JSONScanner.Found?, JSONError> = .success(nil)
        var nodes: [JSONNode] = []
        nodes.append(addingCapacity: room) { span in
            span.withUnsafeMutableBufferPointer { room, count in
                result = bytes.withUnsafeBufferPointer { text in
                    Result { () throws(JSONError) in try JSONScanner(text, into: room, maxDepth: maxDepth).run() }
                }
                if case .success(let found?) = result { count = found.count }
            }
        }
        guard let found = try result.get() else { return nil }
        return (nodes, found.hasLoneSurrogate)
    }

    public var root: JSONValue { JSONValue(document: self, index: 0) }
}

/// One value within a document.
public struct JSONValue: Sendable {
    let document: JSONDocument
    let index: Int

    private var node: JSONNode { document.nodes[index] }

    public var isObject: Bool { node.kind == .object }
    public var isArray: Bool { node.kind == .array }
    public var isNull: Bool { node.kind == .null }

    /// The value's own text, quotes and brackets included.
    public var range: Range<Int> { node.range }

    public var raw: ArraySlice<UInt8> { document.bytes[range] }

    /// The member of that name; where a name stands twice the last one counts, as PHP and JavaScript have it.
    public subscript(key: some Collection<UInt8>) -> JSONValue? {
        guard isObject else { return nil }
        return document.member(named: key, of: index).map { JSONValue(document: document, index: $0) }
    }

    public subscript(key: String) -> JSONValue? { self[Array(key.utf8)] }

    public subscript(position: Int) -> JSONValue? {
        guard isArray else { return nil }
        var remaining = position
        for element in elements {
            if remaining == 0 { return element }
            remaining -= 1
        }
        return nil
    }

    public var elements: [JSONValue] {
        guard isArray else { return [] }
        var list: [JSONValue] = []
        var at = index + 1
        while at < Int(node.next) {
            list.append(JSONValue(document: document, index: at))
            at = Int(document.nodes[at].next)
        }
        return list
    }

    public func forEachMember(_ body: (_ name: JSONValue, _ value: JSONValue) -> Void) {
        guard isObject else { return }
        var at = index + 1
        let end = Int(node.next)
        while at < end {
            body(JSONValue(document: document, index: at), JSONValue(document: document, index: at + 1))
            at = Int(document.nodes[at + 1].next)
        }
    }

    /// One member as it is written.
    struct MemberText {
        /// Between its quotes; where it is escaped, its bytes are another spelling of the name.
        let name: UnsafeBufferPointer<UInt8>
        let isEscaped: Bool
        let value: UnsafeBufferPointer<UInt8>
    }

    /// The same by their texts, which are to be read within the call alone. Nothing where it is no object.
    func forEachMemberText(_ body: (MemberText) -> Void) {
        document.nodes.withUnsafeBufferPointer { nodes in
            document.bytes.withUnsafeBufferPointer { bytes in
                guard nodes[index].kind == .object else { return }
                var at = index + 1
                let end = Int(nodes[index].next)
                while at < end {
                    let name = UnsafeBufferPointer(rebasing: bytes[Int(nodes[at].start)..<Int(nodes[at].end)])
                    let value = UnsafeBufferPointer(rebasing: bytes[nodes[at + 1].range])
                    body(MemberText(name: name, isEscaped: nodes[at].escaped, value: value))
                    at = Int(nodes[at + 1].next)
                }
            }
        }
    }

    public func firstName(where fits: (String) -> Bool) -> String? {
        var found: String?
        forEachMember { name, _ in
            if found == nil, let name = name.string, fits(name) { found = name }
        }
        return found
    }

    /// A string's text, escapes resolved; half a surrogate pair becomes U+FFFD.
    public var string: String? {
        guard node.kind == .string else { return nil }
        let content = document.bytes[Int(node.start)..<Int(node.end)]
        return String(decoding: node.escaped ? JSONText.unescape(content) : content, as: UTF8.self)
    }

    /// A string's bytes where none of them is escaped.
    var plainString: ArraySlice<UInt8>? {
        guard node.kind == .string, !node.escaped else { return nil }
        return document.bytes[Int(node.start)..<Int(node.end)]
    }

    /// A string's text, or a number or truth value as it is written: identifiers come as either.
    public var scalarText: String? {
        switch node.kind {
        case .string: string
        case .number, .yes, .no: String(decoding: raw, as: UTF8.self)
        case .object, .array, .null: nil
        }
    }

    /// A number without fraction or exponent that fits 64 bits.
    public var integer: Int64? {
        node.kind == .number ? Int64(String(decoding: raw, as: UTF8.self)) : nil
    }

    public var double: Double? {
        node.kind == .number ? Double(String(decoding: raw, as: UTF8.self)) : nil
    }
}

extension JSONDocument {
    /// The place of the value behind that name, of several the last; nil where there is none, or `object` is none.
    /// Numbers alone: a value of its own for each name would cost more than the comparison.
    func member(named key: some Collection<UInt8>, of object: Int) -> Int? {
        key.withContiguousStorageIfAvailable { member(spelt: $0, of: object) }
            ?? Array(key).withUnsafeBufferPointer { member(spelt: $0, of: object) }
    }

    /// The same, name by name.
    func place(behind names: [Bytes], from start: Int) -> Int? {
        nodes.withUnsafeBufferPointer { nodes in
            bytes.withUnsafeBufferPointer { bytes in
                var here = start
                for place in names.indices {
                    let next = names[place].withUnsafeBufferPointer { Self.member(spelt: $0, of: here, nodes, bytes) }
                    guard let next else { return nil }
                    here = next
                }
                return here
            }
        }
    }

    private func member(spelt key: UnsafeBufferPointer<UInt8>, of object: Int) -> Int? {
        nodes.withUnsafeBufferPointer { nodes in bytes.withUnsafeBufferPointer { Self.member(spelt: key, of: object, nodes, $0) } }
    }

    private static func member(
        spelt key: UnsafeBufferPointer<UInt8>, of object: Int, _ nodes: UnsafeBufferPointer<JSONNode>, _ bytes: UnsafeBufferPointer<UInt8>
    ) -> Int? {
        guard nodes[object].kind == .object else { return nil }
        var found: Int?
        var at = object + 1
        let end = Int(nodes[object].next)
        while at < end {
            let name = nodes[at]
            if name.escaped || Int(name.end - name.start) == key.count, text(of: name, in: bytes, equals: key) { found = at + 1 }
            at = Int(nodes[at + 1].next)
        }
        return found
    }

    private static func text(of node: JSONNode, in bytes: UnsafeBufferPointer<UInt8>, equals key: UnsafeBufferPointer<UInt8>) -> Bool {
        let content = UnsafeBufferPointer(rebasing: bytes[Int(node.start)..<Int(node.end)])
        guard !node.escaped else { return JSONText.unescape(Array(content)[...]).elementsEqual(key) }
        return content.isSame(as: key)
    }
}
