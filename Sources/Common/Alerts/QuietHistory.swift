/// How long a source has been quiet between two events for one tenant, from when they came. Proposes; decides nothing.
public struct QuietHistory: Sendable, Equatable {
    public struct Gap: Sendable, Equatable {
        public let from: Timestamp
        public let length: Duration
    }

    /// Below these a proposal would be a guess.
    public static let fewestEvents = 50
    public static let shortestSpan: Duration = .seconds(7 * 86_400)

    public private(set) var events = 0
    public private(set) var first: Timestamp?
    public private(set) var last: Timestamp?
    public private(set) var longest: Gap?
    /// The longest silence that began in each hour of the week, from Monday 00:00 UTC on.
    public private(set) var byHour: [Duration] = Array(repeating: .zero, count: 168)

    public init() {}

    /// - Parameter moment: when it came; in order, but for a clock that went back.
    public mutating func add(_ moment: Timestamp) {
        events += 1
        first = first ?? moment
        defer { last = max(last ?? moment, moment) }
        guard let last, moment > last else { return }
        let gap = Gap(from: last, length: .milliseconds(moment.milliseconds - last.milliseconds))
        if gap.length > longest?.length ?? .zero { longest = gap }
        let hour = Self.hourOfWeek(last)
        byHour[hour] = max(byHour[hour], gap.length)
    }

    public var span: Duration {
        guard let first, let last else { return .zero }
        return .milliseconds(last.milliseconds - first.milliseconds)
    }

    /// Half as long again as the longest silence, rounded up to what one would write; nil where too little is known.
    public var proposal: Duration? {
        guard events >= Self.fewestEvents, span >= Self.shortestSpan, let longest else { return nil }
        let seconds = longest.length.milliseconds * 3 / 2000
        let step: Int64 = seconds < 7200 ? 900 : seconds < 172_800 ? 3600 : 86_400
        return .seconds(min(max(1, (seconds + step - 1) / step) * step, 30 * 86_400))
    }

    /// 1970 began on a Thursday.
    static func hourOfWeek(_ moment: Timestamp) -> Int {
        let hours = moment.milliseconds / 3_600_000 + 3 * 24
        return Int((hours % 168 + 168) % 168)
    }
}
