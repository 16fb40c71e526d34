/// Base 16 (RFC 4648, section 8), written in lower case.
public enum Hex {
    public static func encode(_ bytes: some Collection<UInt8>) -> Bytes {
        Bytes.written(atMost: bytes.count * 2) { text in
            for byte in bytes {
                text.append(digit(byte >> 4))
                text.append(digit(byte & 15))
            }
        }
    }

    /// The eight digits of a number, the first of them in the highest byte: all at once, each in a byte of its own.
    @inline(__always)
    static func digits(of number: UInt32) -> UInt64 {
        var digits = UInt64(number)
        digits = (digits << 16 | digits) & 0x0000_FFFF_0000_FFFF
        digits = (digits << 8 | digits) & 0x00FF_00FF_00FF_00FF
        digits = (digits << 4 | digits) & 0x0F0F_0F0F_0F0F_0F0F
        let isLetter = (digits + 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return digits + 0x3030_3030_3030_3030 + isLetter * 0x27  // "a" is as far behind "0" + 10
    }

    /// Of a number from 0 to 15.
    @inline(__always)
    static func digit(_ number: UInt8) -> UInt8 { number < 10 ? 0x30 + number : 0x61 + number - 10 }

    /// Nil unless `text` is an even number of hex digits, of either case.
    public static func decode(_ text: some Collection<UInt8>) -> Bytes? {
        guard text.count.isMultiple(of: 2) else { return nil }
        var bytes = Bytes()
        bytes.reserveCapacity(text.count / 2)
        var high: UInt8?
        for character in text {
            guard let nibble = value(of: character) else { return nil }
            if let first = high {
                bytes.append(first << 4 | nibble)
                high = nil
            } else {
                high = nibble
            }
        }
        return bytes
    }

    /// The worth of one hex digit, 0 to 15.
    public static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x41 + 10
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }
}
