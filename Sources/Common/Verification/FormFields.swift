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

    /// By the media type that the body came with.
    public init?(_ body: Bytes, mediaType: String) {
        if mediaType == "multipart/form-data" { self.init(multipart: body) } else { self.init(body) }
    }

    /// `multipart/form-data` (RFC 7578). Its boundary is the body's first line: no sender of forms writes a preamble. Files count as
    /// fields.
    init?(multipart body: Bytes) {
        // A boundary has at most 70 characters (RFC 2046, 5.1.1). A longer one would make the search below slow.
        guard body.starts(with: "--".utf8), let end = body.prefix(73).firstIndex(of: 0x0D), end > 2 else { return nil }
        let boundary = body[..<end]
        var fields: [(name: Bytes, value: Bytes)] = []
        var rest = body[end...]
        // Behind each boundary: CR LF, header lines, an empty line, the value, CR LF; or "--" at the end.
        while rest.starts(with: "\r\n".utf8) {
            guard let blank = rest.firstRange(of: Bytes("\r\n\r\n".utf8)), let name = Self.name(in: rest[..<blank.lowerBound]) else {
                return nil
            }
            let content = rest[blank.upperBound...]
            guard let next = content.firstRange(of: Bytes("\r\n".utf8) + boundary), fields.count < Self.mostFields else { return nil }
            fields.append((name, Bytes(content[..<next.lowerBound])))
            rest = content[next.upperBound...]
        }
        guard rest.starts(with: "--".utf8) else { return nil }
        self.fields = fields
    }

    /// The quoted name in a part's `Content-Disposition: form-data; name="…"`.
    private static func name(in head: ArraySlice<UInt8>) -> Bytes? {
        let mark = Bytes("; name=\"".utf8)
        for line in head.split(whereSeparator: { $0 == 0x0D || $0 == 0x0A }) {
            guard ASCII.equal(line.prefix(20), Bytes("content-disposition:".utf8)) else { continue }
            guard let start = line.firstRange(of: mark)?.upperBound else { return nil }
            return Bytes(line[start...].prefix { $0 != UInt8(ascii: "\"") })
        }
        return nil
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
