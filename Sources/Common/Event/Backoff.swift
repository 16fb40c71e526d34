/// When a failed push is tried again: 1, 3, 9, 27 s after the first, second, … try, each with full jitter, so that what failed together
/// does not come back together.
public struct Backoff: Sendable, Equatable {
    /// The most after the first try. 1 s to 1 h.
    public var base: Duration = .seconds(1)
    /// How many times longer each next one is. 1 to 10.
    public var factor = 3
    /// The most after any try. 1 s to 24 h.
    public var longest: Duration = .seconds(86_400)

    public init() {}

    /// - Parameters:
    ///   - tries: answered tries so far, at least 1.
    ///   - random: 0 up to 1.
    public func delay(after tries: Int, random: Double) -> Duration {
        let most = Double(longest.milliseconds)
        let ceiling = (1..<max(1, min(tries, 64))).reduce(Double(base.milliseconds)) { delay, _ in min(most, delay * Double(factor)) }
        return .milliseconds(Int64((min(most, ceiling) * random).rounded(.up)))
    }
}
