import Common

/// Names and values of a query or a form, in the order they came (application/x-www-form-urlencoded).
struct PageFields: Sendable, Equatable {
    private(set) var pairs: [(name: String, value: String)] = []

    init() {}

    init(_ pairs: [(name: String, value: String)]) { self.pairs = pairs }

    /// What is over a thousand fields is not read.
    init(encoded text: String) {
        for part in text.utf8.split(separator: UInt8(ascii: "&"), maxSplits: 1000).prefix(1000) {
            let halves = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            pairs.append((Self.decoded(halves[0]), halves.count > 1 ? Self.decoded(halves[1]) : ""))
        }
    }

    static func == (left: Self, right: Self) -> Bool { left.pairs.elementsEqual(right.pairs) { $0 == $1 } }

    /// The first value of that name, without blanks round it; nil where it is missing or says nothing.
    subscript(name: String) -> String? {
        let value = pairs.first { $0.name == name }?.value
        let trimmed = value.map { String(decoding: ASCII.trimmed(Array($0.utf8)[...]), as: UTF8.self) }
        return trimmed.flatMap { $0.isEmpty ? nil : $0 }
    }

    func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

    /// With this value in place of every other of that name; nil takes it out.
    func with(_ name: String, _ value: String?) -> PageFields {
        PageFields(pairs.filter { $0.name != name } + (value.map { [(name, $0)] } ?? []))
    }

    /// As a query has it, without fields that say nothing.
    var encoded: String {
        pairs.filter { !$0.value.isEmpty }.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }.joined(separator: "&")
    }

    /// `path?query`, or the path alone.
    func link(_ path: String) -> String { encoded.isEmpty ? path : "\(path)?\(encoded)" }

    private static func decoded(_ text: Substring.UTF8View.SubSequence) -> String {
        var bytes = Bytes()
        var rest = Bytes(text)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "+") {
                bytes.append(0x20)
            } else if byte == UInt8(ascii: "%"), let pair = Hex.decode(rest.prefix(2)), pair.count == 1 {
                bytes += pair
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Unreserved characters stand for themselves (RFC 3986, 2.3), all others as `%XX`.
    static func encoded(_ text: String) -> String {
        var bytes = Bytes()
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%")] + Hex.encode([byte])
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
