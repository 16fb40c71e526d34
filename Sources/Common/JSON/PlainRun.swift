/// How far a text stands for itself between a JSON string's quotes: neither quote nor backslash nor control character.
enum PlainRun {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let tops: UInt64 = 0x8080_8080_8080_8080

    /// The first byte at or behind `start` that does not, or `end` where there is none. Eight bytes at a time.
    /// - Parameter asciiOnly: stop at other bytes than ASCII's too.
    @inline(__always)
    static func end(_ text: UnsafePointer<UInt8>, from start: Int, to end: Int, asciiOnly: Bool) -> Int {
        var at = start
        while at &+ 8 <= end {
            let found = specials(in: word(at: text + at), asciiOnly)
            guard found == 0 else { return at &+ found.trailingZeroBitCount >> 3 }
            at &+= 8
        }
        guard at < end else { return end }
        // The last few bytes: with those before them, which are plain, as one more word, or behind plain ones of ours.
        var last: UInt64 = 0
        let count = end &- at
        if at &- start >= 8 {
            last = word(at: text + (end &- 8)) &>> (8 &* UInt64(8 &- count))
        } else {
            for place in 0..<count { last |= UInt64(text[at &+ place]) &<< (8 &* UInt64(place)) }
        }
        let found = specials(in: last | (ones &* 0x30) &<< (8 &* UInt64(count)), asciiOnly)
        return found == 0 ? end : at &+ found.trailingZeroBitCount >> 3
    }

    @inline(__always)
    private static func word(at place: UnsafePointer<UInt8>) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt64.self))
    }

    /// The first byte's top bit is set that is none, and perhaps higher ones' by the borrow: the lowest is right.
    @inline(__always)
    private static func specials(in word: UInt64, _ asciiOnly: Bool) -> UInt64 {
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5C)
        let special = (quote &- ones) & ~quote | (backslash &- ones) & ~backslash | (word &- (ones &* 0x20)) & ~word
        return (asciiOnly ? special | word : special) & tops
    }
}
