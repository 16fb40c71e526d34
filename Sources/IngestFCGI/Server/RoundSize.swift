/// How many posts a round takes, by what it costs to wait for the disk.
///
/// All that a round takes are answered at its end. One that takes whatever there is leaves the web server and the senders with nothing to do
/// meanwhile, and has nothing to do itself while they are busy. Where the disk is quick, several smaller rounds keep all of them busy; where
/// it is slow, each round more would cost a wait, and all share one. A value; what was measured comes in.
struct RoundSize {
    /// At least: what every commit writes, whatever it holds, is to be a small part of it.
    static let least = 32

    /// A round is to wait for the disk a tenth of the time that it works.
    private static let workToWait = 10.0

    /// No disk is quicker, in seconds. Without it a wait of nothing would stay the shortest for ever.
    private static let leastWait = 10e-6

    private(set) var posts = TurnLimits.requests
    /// Seconds: the shortest wait of late. Longer ones are mostly the processor's, that others had.
    private var wait = Double.infinity

    /// Of a round that has written to the disk: one of duplicates alone waits for nothing.
    /// - Parameters:
    ///   - posts: that the round has taken.
    ///   - work: processor time of all of it.
    ///   - wait: what its commit took longer than it worked.
    mutating func note(posts: Int, work: Duration, wait measured: Duration) {
        guard posts > 0, work > .zero else { return }
        // A disk that has become slower is believed after some dozens of rounds.
        wait = min(wait * 1.05, max(measured / .seconds(1), Self.leastWait))
        let one = work / .seconds(1) / Double(posts)
        let wanted = Self.workToWait * wait / one
        self.posts = wanted < Double(TurnLimits.requests) ? max(Self.least, Int(wanted)) : TurnLimits.requests
    }
}
