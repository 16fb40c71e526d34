/// When a failed push is tried again: 1, 3, 9, 27 s after the first, second, … try, each with full jitter, so that what failed together
/// does not come back together.
public enum Backoff {
    /// - Parameters:
    ///   - tries: answered tries so far, at least 1.
    ///   - random: 0 up to 1.
    public static func delay(after tries: Int, random: Double) -> Duration {
        let ceiling = (1..<max(1, min(tries, 12))).reduce(1000.0) { delay, _ in delay * 3 }
        return .milliseconds(Int64((ceiling * random).rounded(.up)))
    }
}
