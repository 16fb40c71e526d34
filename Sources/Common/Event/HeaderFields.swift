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
        root.forEachMember { name, value in
            add(name: (name.string ?? "").utf8, value: (value.string ?? "").utf8) { $0 }
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
        add(name: name, value: value) { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : ASCII.lowercased($0) }
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
        spans.compactMap { isNamed($0, name) ? Bytes(text[$0.value]) : nil }
    }

    /// The value of a field that must not stand twice: nil where it is missing or ambiguous.
    public func single(_ name: String) -> Bytes? {
        var found: Span?
        for span in spans where isNamed(span, name) {
            guard found == nil else { return nil }
            found = span
        }
        return found.map { Bytes(text[$0.value]) }
    }

    public func contains(_ name: String) -> Bool { spans.contains { isNamed($0, name) } }

    private func isNamed(_ span: Span, _ name: String) -> Bool {
        span.name.count == name.utf8.count
            && text.withUnsafeBufferPointer { UnsafeBufferPointer(rebasing: $0[span.name]).elementsEqual(name.utf8) }
    }

    /// What is kept with the event: one JSON object, without the fields that carry credentials.
    public func json(without credentials: Set<String> = ["authorization", "cookie", "proxy-authorization"]) -> Bytes {
        var json: Bytes = [UInt8(ascii: "{")]
        json.reserveCapacity(text.count + spans.count * 6 + 2)
        text.withUnsafeBufferPointer { text in
            for span in spans where !credentials.contains(where: { isNamed(span, $0) }) {
                if json.count > 1 { json.append(UInt8(ascii: ",")) }
                Self.append(UnsafeBufferPointer(rebasing: text[span.name]), to: &json)
                json.append(UInt8(ascii: ":"))
                Self.append(UnsafeBufferPointer(rebasing: text[span.value]), to: &json)
            }
        }
        json.append(UInt8(ascii: "}"))
        return json
    }

    /// Names and values may be any bytes above 0x20; what is not UTF-8 is shown as U+FFFD, so that the column stays JSON.
    private static func append(_ bytes: UnsafeBufferPointer<UInt8>, to json: inout Bytes) {
        if bytes.reduce(0, |) < 0x80 {
            JSONText.append(runs: bytes, to: &json)
        } else {
            JSONText.append(String(decoding: bytes, as: UTF8.self).utf8, to: &json)
        }
    }
}
