/// An event's id: a UUIDv7 (RFC 9562, section 5.7) whose first 63 bits that are not fixed are also the event's row number.
///
/// The 48 bits of the time in milliseconds and the 15 bits behind them (`rand_a` and the first three of `rand_b`, a counter as
/// section 6.2 allows) make the row number, so that an id leads to its row without an index of its own and rows lie in order of arrival.
public struct EventID: Sendable, Hashable, CustomStringConvertible {
    /// Grows with every event of one store, also when the clock goes back.
    public let sequence: Int64
    public let description: String

    /// - Parameters:
    ///   - sequence: 0 to 2^63 - 1.
    ///   - entropy: the remaining 59 bits; higher bits are ignored.
    public init(sequence: Int64, entropy: UInt64) {
        let bits = UInt64(bitPattern: sequence)
        let counter = bits & 0x7FFF
        let high = (bits >> 15) << 16 | 0x7000 | counter >> 3
        let low = 0x8000_0000_0000_0000 | (counter & 7) << 59 | entropy & (1 << 59 - 1)
        self.sequence = sequence
        description = String(unsafeUninitializedCapacity: 36) { text in
            func digits(_ bits: UInt64) -> UInt64 { Hex.digits(of: UInt32(truncatingIfNeeded: bits)) }
            let parts = (digits(high >> 32), digits(high), digits(low >> 32), digits(low))
            func write(_ digits: UInt64, _ count: Int, at place: Int) {
                for digit in 0..<count { text[place + digit] = UInt8(truncatingIfNeeded: digits >> UInt64(56 - digit * 8)) }
            }
            write(parts.0, 8, at: 0)
            write(parts.1, 4, at: 9)
            write(parts.1 << 32, 4, at: 14)
            write(parts.2, 4, at: 19)
            write(parts.2 << 32, 4, at: 24)
            write(parts.3, 8, at: 28)
            for place in stride(from: 8, through: 23, by: 5) { text[place] = UInt8(ascii: "-") }
            return 36
        }
    }

    /// Reads an id that this type wrote; upper case and other versions of UUID are refused.
    public init?(_ text: some StringProtocol) {
        var (high, low): (UInt64, UInt64) = (0, 0)
        var place = 0
        for byte in text.utf8 {
            switch place {
            case 8, 13, 18, 23:
                guard byte == UInt8(ascii: "-") else { return nil }
            case 0..<36:
                guard byte < UInt8(ascii: "A") || byte > UInt8(ascii: "F"), let digit = Hex.value(of: byte) else { return nil }
                if place < 18 { high = high << 4 | UInt64(digit) } else { low = low << 4 | UInt64(digit) }
            default: return nil
            }
            place += 1
        }
        guard place == 36, high & 0xF000 == 0x7000, low >> 62 == 2 else { return nil }
        sequence = Int64(bitPattern: (high >> 16) << 15 | (high & 0xFFF) << 3 | low >> 59 & 7)
        description = String(text)
    }
}

/// Gives out ids in strictly rising order, whatever the clock does.
public struct EventIDSource: Sendable {
    private var last: Int64

    /// - Parameter last: the highest row number in the store, 0 for an empty one.
    public init(after last: Int64) { self.last = last }

    public mutating func next(now: Timestamp, entropy: UInt64) -> EventID {
        let fromClock = max(0, min(now.milliseconds, 1 << 47)) << 15
        last = max(last + 1, fromClock)
        return EventID(sequence: last, entropy: entropy)
    }
}
