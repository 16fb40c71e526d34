/// A form body's fields in the order sent, decoded (WHATWG URL, section 5.1: `+` is a blank, `%` without two hex digits stands for itself).
public struct FormFields: Sendable {
    public let fields: [(name: Bytes, value: Bytes)]

    /// Fields that one form may have; a sender of more is refused.
    static let mostFields = 1000

    /// Nil for more fields than we take.
    public init?(_ body: Bytes) {
        let pieces = body.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: true)
        guard pieces.count <= Self.mostFields else { return nil }
        fields = pieces.map { piece in
            let sign = piece.firstIndex(of: UInt8(ascii: "=")) ?? piece.endIndex
            return (Self.decode(piece[..<sign]), Self.decode(piece[sign...].dropFirst()))
        }
    }

    /// The last value of a name, as PHP and most form readers have it.
    public func value(_ name: String) -> Bytes? { fields.last { $0.name.elementsEqual(name.utf8) }?.value }

    static func decode(_ text: ArraySlice<UInt8>) -> Bytes {
        var bytes = Bytes()
        bytes.reserveCapacity(text.count)
        var at = text.startIndex
        while at < text.endIndex {
            if text[at] == UInt8(ascii: "%"), at + 2 < text.endIndex, let high = Hex.value(of: text[at + 1]),
                let low = Hex.value(of: text[at + 2])
            {
                bytes.append(high << 4 | low)
                at += 3
            } else {
                bytes.append(text[at] == UInt8(ascii: "+") ? 0x20 : text[at])
                at += 1
            }
        }
        return bytes
    }
}
