import Testing

@testable import Common

@Suite struct TimestampAsItReadsTests {
    @Test(
        arguments: [
            ("1790000000", 1_790_000_000_000), ("1790000000123", 1_790_000_000_123), ("2026-09-21T13:33:20Z", 1_789_997_600_000),
            ("Mon, 21 Sep 2026 13:33:20 GMT", 1_789_997_600_000), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Mon, 21 Sep 2026 13:33:20 CET", nil), ("Mon, 31 Feb 2026 13:33:20 GMT", nil), ("Mon, 21 Sep 2026 GMT", nil), ("", nil),
            ("-1", nil),
            ("999999999999999999", nil),
        ] as [(String, Int64?)])
    func reads(text: String, as milliseconds: Int64?) { #expect(Timestamp(asItReads: Bytes(text.utf8))?.milliseconds == milliseconds) }
}
