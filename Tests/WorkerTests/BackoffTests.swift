import Common
import Testing

@Suite struct BackoffTests {
    @Test(arguments: [(1, 1000), (2, 3000), (3, 9000), (4, 27_000), (5, 81_000)])
    func staysBelowThreeTimesTheLast(_ tries: Int, _ ceiling: Int64) {
        #expect(Backoff().delay(after: tries, random: 0) == .zero)
        #expect(Backoff().delay(after: tries, random: 0.5) == .milliseconds(ceiling / 2))
        #expect(Backoff().delay(after: tries, random: 1 - .ulpOfOne / 2) <= .milliseconds(ceiling))
        #expect(Backoff().delay(after: tries, random: 0.999) > .milliseconds(ceiling * 99 / 100))
    }

    @Test func roundsUpToAMillisecond() {
        #expect(Backoff().delay(after: 1, random: .leastNonzeroMagnitude) == .milliseconds(1))
        #expect(Backoff().delay(after: 1, random: 0.0001) == .milliseconds(1))
    }

    @Test(arguments: [-1, 0, 1])
    func countsFromOne(_ tries: Int) {
        #expect(Backoff().delay(after: tries, random: 1) == .milliseconds(1000))
    }

    @Test(arguments: [12, 13, 20, .max])
    func endsSomewhere(_ tries: Int) {
        #expect(Backoff().delay(after: tries, random: 1) == .seconds(86_400))
    }

    @Test(arguments: [(1, 200), (2, 400), (3, 800), (4, 1000), (9, 1000)])
    func goesByItsSettings(_ tries: Int, _ ceiling: Int64) {
        var backoff = Backoff()
        (backoff.base, backoff.factor, backoff.longest) = (.milliseconds(200), 2, .seconds(1))
        #expect(backoff.delay(after: tries, random: 1) == .milliseconds(ceiling))
    }
}
