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
            let word = UInt64(littleEndian: UnsafeRawPointer(text + at).loadUnaligned(as: UInt64.self))
            // A byte's top bit is set where that byte is found, and perhaps in higher ones by the borrow: the lowest is right.
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5C)
            let special = (quote &- ones) & ~quote | (backslash &- ones) & ~backslash | (word &- (ones &* 0x20)) & ~word
            let found = (asciiOnly ? special | word : special) & tops
            guard found == 0 else { return at &+ found.trailingZeroBitCount >> 3 }
            at &+= 8
        }
        while at < end {
            let byte = text[at]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || asciiOnly && byte >= 0x80 { return at }
            at &+= 1
        }
        return end
    }
}
