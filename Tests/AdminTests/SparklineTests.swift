import Common
import Testing

@testable import AdminFCGI

@Suite struct SparklineTests {
    private static let minute: Int64 = 29_916_700
    private static let now = Timestamp(milliseconds: minute * 60_000 + 30_000)

    @Test(arguments: [
        ([Int64: Int](), 0, "Nothing came in the last hour."), ([minute: 1], 1, "1 event in the last hour, 1 in its busiest minute."),
        ([minute: 3, minute - 59: 2], 5, "5 events in the last hour, 3 in its busiest minute."),
        // Neither an hour ago, nor to come.
        ([minute - 60: 9, minute + 1: 9], 0, "Nothing came in the last hour."),
    ])
    func counts(_ arrivals: [Int64: Int], total: Int, words: String) {
        let line = Sparkline(EventArrivals(byMinute: arrivals.map { ($0.key, $0.value) }, isCut: false), now: Self.now)
        #expect(line.total == total && line.words == words)
        #expect(line.points.split(separator: " ").count == Sparkline.minutes)
    }
}
