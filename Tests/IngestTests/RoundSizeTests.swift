import Testing

@testable import IngestFCGI

@Suite struct RoundSizeTests {
    private func size(after rounds: Int, posts: Int = 64, work: Duration = .milliseconds(3), wait: Duration) -> Int {
        var size = RoundSize()
        for _ in 0..<rounds { size.note(posts: posts, work: work, wait: wait) }
        return size.posts
    }

    @Test func takesAllUntilItKnowsTheDisk() { #expect(RoundSize().posts == TurnLimits.requests) }

    /// 64 posts in 3 ms: 47 µs each.
    @Test(arguments: [
        (Duration.zero, 32), (.microseconds(100), 32), (.microseconds(310), 66), (.microseconds(595), 126), (.milliseconds(5), 128),
        (.seconds(2), 128), (.microseconds(-3), 32),
    ])
    func waitsATenthOfTheTime(_ wait: Duration, expected: Int) { #expect(size(after: 1, wait: wait) == expected) }

    /// Another program had the processor while the commit was due to go on.
    @Test func oneLongWaitChangesLittle() {
        var size = RoundSize()
        for _ in 0..<50 { size.note(posts: 64, work: .milliseconds(3), wait: .microseconds(300)) }
        size.note(posts: 64, work: .milliseconds(3), wait: .milliseconds(40))
        #expect((64...70).contains(size.posts))
    }

    @Test func aDiskThatBecomesSlowIsNoticed() {
        var size = RoundSize()
        for _ in 0..<50 { size.note(posts: 64, work: .milliseconds(3), wait: .microseconds(100)) }
        #expect(size.posts == 32)
        for _ in 0..<50 { size.note(posts: 64, work: .milliseconds(3), wait: .milliseconds(5)) }
        #expect(size.posts == TurnLimits.requests)
    }

    /// A commit that waited for nothing was the disk's cache, or chance: the next ones count again.
    @Test func noWaitAtAllIsNotTheLastWord() {
        var size = RoundSize()
        for _ in 0..<50 { size.note(posts: 64, work: .milliseconds(3), wait: .zero) }
        #expect(size.posts == RoundSize.least)
        for _ in 0..<150 { size.note(posts: 64, work: .milliseconds(3), wait: .milliseconds(5)) }
        #expect(size.posts == TurnLimits.requests)
    }

    @Test func aRoundThatStoresNothingSaysNothing() {
        var size = RoundSize()
        size.note(posts: 0, work: .milliseconds(1), wait: .zero)
        #expect(size.posts == TurnLimits.requests)
    }
}
