/// Base 64 with the standard alphabet and padding (RFC 4648, section 4).
public enum Base64 {
    private static let alphabet = Bytes("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")

    public static func encode(_ bytes: Bytes) -> Bytes {
        var text = Bytes()
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let left = min(3, bytes.count - start)
            let group = (0..<3).reduce(UInt32(0)) { $0 << 8 | ($1 < left ? UInt32(bytes[start + $1]) : 0) }
            for place in 0..<4 {
                text.append(place <= left ? alphabet[Int(group >> (18 - 6 * UInt32(place)) & 63)] : padding)
            }
        }
        return text
    }

    /// As below, and padded: the one way in which a signature is written.
    static func decodePadded(_ text: some BidirectionalCollection<UInt8>) -> Bytes? {
        text.count.isMultiple(of: 4) ? decode(text) : nil
    }

    /// Nil for a character outside the alphabet, a wrong length, or bits left over that are not zero. Padding may be left out, not misplaced.
    public static func decode(_ text: some BidirectionalCollection<UInt8>) -> Bytes? {
        var core = text[...]
        while core.last == padding, text.count - core.count < 2 { core = core.dropLast() }
        guard text.count == core.count || text.count.isMultiple(of: 4), core.count % 4 != 1 else { return nil }
        var bytes = Bytes()
        bytes.reserveCapacity(core.count * 3 / 4)
        var held: UInt32 = 0
        var bits = 0
        for character in core {
            guard let value = value(of: character) else { return nil }
            held = held << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: held >> UInt32(bits)))
                held &= (1 << UInt32(bits)) - 1
            }
        }
        return held == 0 ? bytes : nil
    }

    /// The alphabet for URLs (section 5), without padding.
    public static func encodeURL(_ bytes: Bytes) -> Bytes {
        encode(bytes).compactMap {
            $0 == padding ? nil : $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0
        }
    }

    public static func decodeURL(_ text: some BidirectionalCollection<UInt8>) -> Bytes? {
        guard !text.contains(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "/") }) else { return nil }
        return decode(text.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "+") : $0 == UInt8(ascii: "_") ? UInt8(ascii: "/") : $0 })
    }

    private static func value(of character: UInt8) -> UInt8? {
        switch character {
        case 0x41...0x5A: character - 0x41
        case 0x61...0x7A: character - 0x61 + 26
        case 0x30...0x39: character - 0x30 + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
