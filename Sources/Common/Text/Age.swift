/// How long ago something was, for people.
public enum Age {
    public static func text(of moment: Timestamp, now: Timestamp) -> String {
        let seconds = (now.milliseconds - moment.milliseconds) / 1000
        return seconds < 0 ? "in \(words(-seconds))" : "\(words(seconds)) ago"
    }

    /// In the largest unit that fits: `59 s`, `3 min`, `47 h`, `12 d`.
    public static func words(_ seconds: Int64) -> String {
        switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3600: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) d"
        }
    }

    public static func dated(_ moment: Timestamp, now: Timestamp) -> String { "\(moment) (\(text(of: moment, now: now)))" }
}
