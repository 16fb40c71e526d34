/// A request's header fields in the order they came, names in lower case with dashes.
public struct HeaderFields: Sendable {
    /// Name and value, each as it will be compared and stored.
    public private(set) var fields: [(name: Bytes, value: Bytes)] = []

    public init() {}

    public init(_ fields: [(String, String)]) {
        for (name, value) in fields { append(name: Bytes(name.utf8), value: Bytes(value.utf8)) }
    }

    /// Reads what `json` wrote.
    public init(json text: String) {
        guard let root = (try? JSONDocument(Bytes(text.utf8)))?.root else { return }
        var fields: [(name: Bytes, value: Bytes)] = []
        root.forEachMember { name, value in
            fields.append((Bytes((name.string ?? "").utf8), Bytes((value.string ?? "").utf8)))
        }
        self.fields = fields
    }

    /// Takes `Stripe-Signature` as well as CGI's `STRIPE_SIGNATURE` (RFC 3875, 4.1.18; the `HTTP_` cut off).
    public mutating func append(name: some Sequence<UInt8>, value: Bytes) {
        fields.append((name.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : ASCII.lowercased($0) }, value))
    }

    /// The values of every field of that name. `name` in lower case.
    public func values(of name: String) -> [Bytes] {
        fields.compactMap { $0.name.elementsEqual(name.utf8) ? $0.value : nil }
    }

    /// The value of a field that must not stand twice: nil where it is missing or ambiguous.
    public func single(_ name: String) -> Bytes? {
        let found = values(of: name)
        return found.count == 1 ? found[0] : nil
    }

    /// What is kept with the event: one JSON object, without the fields that carry credentials.
    public func json(without credentials: Set<String> = ["authorization", "cookie", "proxy-authorization"]) -> Bytes {
        var json: Bytes = [UInt8(ascii: "{")]
        // Values may be any byte above 0x20, and names what the web server lets through: what is not UTF-8 is shown as U+FFFD, so that the
        // column stays JSON.
        for (name, value) in fields.map({ (String(decoding: $0.name, as: UTF8.self), $0.value) }) where !credentials.contains(name) {
            if json.count > 1 { json.append(UInt8(ascii: ",")) }
            JSONText.append(name.utf8, to: &json)
            json.append(UInt8(ascii: ":"))
            JSONText.append(String(decoding: value, as: UTF8.self).utf8, to: &json)
        }
        json.append(UInt8(ascii: "}"))
        return json
    }
}
