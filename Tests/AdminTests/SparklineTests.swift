import Common
import Testing

@testable import AdminFCGI

@Suite struct SparklineTests {
    @Test(arguments: [
        ([Int](repeating: 0, count: 60), false, 0, "in all"),
        ([Int](repeating: 0, count: 59) + [1], false, 1, "in all, 1 in the busiest minute"),
        ([3] + [Int](repeating: 0, count: 58) + [2], false, 5, "in all, 3 in the busiest minute"),
        ([7] + [Int](repeating: 0, count: 58) + [2], true, 2, "now, 7 at most"), ([0], true, 0, "now, 0 at most"),
    ])
    func saysWhatItShows(_ values: [Int], isLevel: Bool, figure: Int, words: String) {
        let line = Sparkline("Came in", values, span: .hour, isLevel: isLevel)
        #expect(line.figure == figure && line.words == words)
    }

    @Test(arguments: [
        ([0, 0, 0], "0,38 120,38 240,38"), ([0, 5, 10], "0,38 120,20 240,2"), ([4], "0,2"),
        ([1_000_000_000, 1], "0,2 240,38"),
    ])
    func isDrawnWithinItsFrame(_ values: [Int], as points: String) {
        #expect(Sparkline("x", values, span: .day, isLevel: false).points == points)
    }

    @Test func hasWordsForWhoDoesNotSeeIt() {
        let values = [1, 2, 3, 4, 5, 6]
        #expect(
            Sparkline("Came in", values, span: .month, isLevel: false).course
                == "Came in, 31 days: 3 in its first third, 7 in its second, 11 in its last")
        #expect(
            Sparkline("Waiting", values, span: .hour, isLevel: true).course
                == "Waiting, 60 minutes: 2 after a third of it, 4 after two thirds, 6 now")
    }
}
