/// A request's header fields in the order they came, names in lower case with dashes.
///
/// All of them lie in one buffer: a request has some twenty, and an allocation for each name and value would cost more than reading them.
public struct HeaderFields: Sendable {
    private struct Span {
        let name: Range<Int>
        let value: Range<Int>
    }

    private var text: Bytes = []
    private var spans: [Span] = []

    public init() {}

    public init(_ fields: [(String, String)]) {
        for (name, value) in fields { append(name: name.utf8, value: value.utf8) }
    }

    /// Reads what `json` wrote.
    public init(json text: String) { self.init(json: Bytes(text.utf8)) }

    public init(json: Bytes) {
        guard let root = (try? JSONDocument(json))?.root else { return }
        text.reserveCapacity(json.count)
        root.forEachMember { name, value in
            if let name = name.plainString, let value = value.plainString {
                add(name: name, value: value) { $0 }
            } else {
                add(name: (name.string ?? "").utf8, value: (value.string ?? "").utf8) { $0 }
            }
        }
    }

    /// With one field in the place of all of that name.
    func replacing(_ name: String, by value: String) -> HeaderFields {
        var fields = HeaderFields()
        for field in self.fields where !field.name.elementsEqual(name.utf8) { fields.append(name: field.name, value: field.value) }
        fields.append(name: name.utf8, value: value.utf8)
        return fields
    }

    public var count: Int { spans.count }

    /// Name and value, each as it will be compared and stored.
    public var fields: [(name: Bytes, value: Bytes)] { spans.map { (Bytes(text[$0.name]), Bytes(text[$0.value])) } }

    public mutating func reserve(fields: Int, bytes: Int) {
        spans.reserveCapacity(fields)
        text.reserveCapacity(bytes)
    }

    /// Takes `Stripe-Signature` as well as CGI's `STRIPE_SIGNATURE` (RFC 3875, 4.1.18; the `HTTP_` cut off).
    public mutating func append(name: some Collection<UInt8>, value: some Collection<UInt8>) {
        add(name: name, value: value) { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : ASCII.lowercased($0) }
    }

    /// The same for bytes of somebody else's, as libfcgi has them.
    public mutating func append(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        let start = text.count
        text.append(atMost: name.count + value.count) { text in
            for byte in name { text.append(byte == UInt8(ascii: "_") ? UInt8(ascii: "-") : ASCII.lowercased(byte)) }
            text.append(value.assumingMemoryBound(to: UInt8.self))
        }
        let middle = start + name.count
        spans.append(Span(name: start..<middle, value: middle..<text.count))
    }

    @inline(__always)
    private mutating func add(name: some Collection<UInt8>, value: some Collection<UInt8>, spelling: (UInt8) -> UInt8) {
        let start = text.count
        text.append(contentsOf: name)
        let middle = text.count
        for place in start..<middle { text[place] = spelling(text[place]) }
        text.append(contentsOf: value)
        spans.append(Span(name: start..<middle, value: middle..<text.count))
    }

    /// The values of every field of that name. `name` in lower case.
    public func values(of name: String) -> [Bytes] {
        places(of: name).map { Bytes(text[$0.value]) }
    }

    /// The value of a field that must not stand twice: nil where it is missing or ambiguous.
    public func single(_ name: String) -> Bytes? {
        withSingle(name) { $0.map { Bytes($0) } }
    }

    /// The same for whoever need not keep it.
    func withSingle<Result>(_ name: String, _ body: (UnsafeBufferPointer<UInt8>?) -> Result) -> Result {
        text.withUnsafeBufferPointer { text in
            var found: Span?
            for span in spans where Self.isNamed(span, name, in: text) {
                guard found == nil else { return body(nil) }
                found = span
            }
            return body(found.map { UnsafeBufferPointer(rebasing: text[$0.value]) })
        }
    }

    /// The same as text; what is not UTF-8 becomes U+FFFD.
    public func text(_ name: String) -> String? { withSingle(name) { $0.map { String(decoding: $0, as: UTF8.self) } } }

    public func contains(_ name: String) -> Bool {
        text.withUnsafeBufferPointer { text in spans.contains { Self.isNamed($0, name, in: text) } }
    }

    private func places(of name: String) -> [Span] {
        text.withUnsafeBufferPointer { text in spans.filter { Self.isNamed($0, name, in: text) } }
    }

    @inline(__always)
    private static func isNamed(_ span: Span, _ name: String, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard span.name.count == name.utf8.count else { return false }
        let spelt = UnsafeBufferPointer(rebasing: text[span.name])
        return name.utf8.span.withUnsafeBufferPointer { spelt.isSame(as: $0) }
    }

    /// What is kept with the event: one JSON object, without the fields that carry credentials.
    public func json(without credentials: [String] = ["authorization", "cookie", "proxy-authorization"]) -> Bytes {
        text.withUnsafeBufferPointer { text in
            // Mostly no byte needs an escape or a second look.
            let isPlain = text.baseAddress.map { PlainRun.end($0, from: 0, to: text.count, asciiOnly: true) == text.count } ?? true
            return isPlain ? written(text, without: credentials, room: text.count) { $0.append($1) } : legible.quoted(without: credentials)
        }
    }

    private func quoted(without credentials: [String]) -> Bytes {
        text.withUnsafeBufferPointer { text in
            written(text, without: credentials, room: text.count + JSONText.escapes(in: text) * 5) { $0.append(escaped: $1) }
        }
    }

    @inline(__always)
    private func written(
        _ text: UnsafeBufferPointer<UInt8>, without credentials: [String], room: Int,
        _ append: (inout ByteWriter, UnsafeBufferPointer<UInt8>) -> Void
    ) -> Bytes {
        Bytes.written(atMost: room + spans.count * 6 + 2) { json in
            json.append("{")
            for span in spans where !credentials.contains(where: { Self.isNamed(span, $0, in: text) }) {
                json.append(json.count > 1 ? ",\"" : "\"")
                append(&json, UnsafeBufferPointer(rebasing: text[span.name]))
                json.append("\":\"")
                append(&json, UnsafeBufferPointer(rebasing: text[span.value]))
                json.append("\"")
            }
            json.append("}")
        }
    }

    /// Names and values may be any bytes above 0x20; what is not UTF-8 is shown as U+FFFD, so that the column stays JSON.
    private var legible: HeaderFields {
        var fields = HeaderFields()
        for (name, value) in self.fields {
            fields.add(name: String(decoding: name, as: UTF8.self).utf8, value: String(decoding: value, as: UTF8.self).utf8) { $0 }
        }
        return fields
    }
}
