import Foundation
import Testing

@testable import Common

@Suite struct TimestampTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.001Z", 1), ("1969-12-31T23:59:59.999Z", -1),
        ("2026-11-23T18:00:00Z", 1_795_456_800_000),
        ("2026-11-23T18:00:00.123Z", 1_795_456_800_123), ("2026-11-23T18:00:00.1Z", 1_795_456_800_100),
        ("2026-11-23T18:00:00.123999Z", 1_795_456_800_123),  // cut off, not rounded
        ("2026-11-23T18:00:00.000000000000000000001Z", 1_795_456_800_000), ("2026-11-23t18:00:00z", 1_795_456_800_000),
        ("2026-11-23 18:00:00Z", 1_795_456_800_000), ("2026-11-23T19:00:00+01:00", 1_795_456_800_000),
        ("2026-11-23T12:30:00-05:30", 1_795_456_800_000), ("2026-11-24T17:59:00+23:59", 1_795_456_800_000),
        ("2026-11-23T18:00:00-00:00", 1_795_456_800_000), ("2026-11-23T19:00:00+0100", 1_795_456_800_000),  // ISO 8601's basic offset
        ("2024-02-29T00:00:00Z", 1_709_164_800_000), ("2000-02-29T12:00:00Z", 951_825_600_000), ("2023-12-31T23:59:60Z", 1_704_067_200_000),
        ("0000-01-01T00:00:00Z", -62_167_219_200_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ])
    func reads(_ text: String, milliseconds: Int64) { #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds) }

    @Test(arguments: [
        "", "2026", "2026-11-23", "2026-11-23T18:00Z", "2026-11-23T18:00:00", "2026-11-23T18:00:00.Z", "2026-11-23T18:00:00.",
        "2026-11-23T18:00:00Zx", "2026-11-23T18:00:00Z ", " 2026-11-23T18:00:00Z", "2026-11-23T18:00:00+1:00", "2026-11-23T18:00:00+01",
        "2026-11-23T18:00:00+01:0", "2026-11-23T18:00:00+24:00", "2026-11-23T18:00:00+01:60", "2026-11-23T18:00:00+01:00Z",
        "2026-00-23T18:00:00Z", "2026-13-23T18:00:00Z", "2026-11-00T18:00:00Z", "2026-11-32T18:00:00Z", "2026-11-23T24:00:00Z",
        "2026-11-23T18:60:00Z", "2026-11-23T18:00:61Z", "26-11-23T18:00:00Z", "+2026-11-23T18:00:00Z", "-026-11-23T18:00:00Z",
        "2026/11/23T18:00:00Z", "2026-11-23T18.00.00Z", "20261123T180000Z", "2026-11-23T１8:00:00Z", "2026-11-23\u{0}18:00:00Z",
        // No such day.
        "2026-02-29T00:00:00Z", "2024-02-30T00:00:00Z", "1900-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
        "2026-11-31T00:00:00Z",
    ])
    func refuses(_ text: String) { #expect(Timestamp(rfc3339: text) == nil) }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"), (1_795_456_800_123, "2026-11-23T18:00:00.123Z"),
        (951_782_399_999, "2000-02-28T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"), (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
    ])
    func writes(_ milliseconds: Int64, expected: String) { #expect(Timestamp(milliseconds: milliseconds).description == expected) }

    @Test func agreesWithFoundation() throws {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        var random = Seeded(4)
        for _ in 0..<2000 {
            let moment = Timestamp(milliseconds: Int64.random(in: -2_000_000_000_000...64_000_000_000_000, using: &random))
            let text = moment.description
            #expect(Timestamp(rfc3339: text) == moment)
            let date = try #require(formatter.date(from: text))
            #expect(Int64((date.timeIntervalSince1970 * 1000).rounded()) == moment.milliseconds, "\(text)")
        }
    }

    /// A sender's number may be any.
    @Test(arguments: [Int64.min, .min + 1, -62_167_219_200_001, 253_402_300_800_000, .max])
    func anyNumberPrints(_ milliseconds: Int64) { #expect(Timestamp(milliseconds: milliseconds).description.hasSuffix("Z")) }

    @Test(
        arguments: [(0, 0), (1, 1000), (-1, -1000), (.max, nil), (.min, nil), (9_223_372_036_854_775, 9_223_372_036_854_775_000)]
            as [(Int64, Int64?)])
    func countsSeconds(_ seconds: Int64, milliseconds: Int64?) { #expect(Timestamp(seconds: seconds)?.milliseconds == milliseconds) }

    @Test(arguments: [(Duration.seconds(2), 2000), (.milliseconds(-5), -5), (.microseconds(1999), 1), (.zero, 0)] as [(Duration, Int64)])
    func measuresDurations(_ duration: Duration, milliseconds: Int64) { #expect(duration.milliseconds == milliseconds) }
}
