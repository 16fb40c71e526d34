import Common

/// One line of figures over time: the points of an SVG polyline, and in words what it shows.
struct Sparkline {
    static let (width, height) = (240, 40)

    let name: String
    let points: String
    /// The figure that stands beside it.
    let figure: Int
    /// What the figure is of, and its highest.
    let words: String
    /// For who does not see the line: how it runs.
    let course: String

    init(_ name: String, _ values: [Int], span: ActivitySpan, isLevel: Bool) {
        self.name = name
        let most = values.max() ?? 0
        let total = values.reduce(0, +)
        points = Self.points(values, most)
        figure = isLevel ? values.last ?? 0 : total
        words =
            isLevel
            ? "now, \(most) at most"
            : total == 0 ? "in all" : "in all, \(most) in the busiest \(span.step)"
        course = "\(name), \(span.words): \(Self.thirds(values, isLevel: isLevel))"
    }

    /// The highest value is at the top, 0 at the bottom, two pixels from the edge.
    private static func points(_ values: [Int], _ most: Int) -> String {
        values.enumerated().map { place, value in
            "\(place * width / max(1, values.count - 1)),\(height - 2 - value * (height - 4) / max(1, most))"
        }.joined(separator: " ")
    }

    /// Sixty numbers tell nobody anything; three do.
    private static func thirds(_ values: [Int], isLevel: Bool) -> String {
        let parts = (0..<3).map { values[values.count * $0 / 3..<values.count * ($0 + 1) / 3] }
        let numbers = parts.map { isLevel ? $0.last ?? 0 : $0.reduce(0, +) }
        let words = isLevel ? ["after a third of it", "after two thirds", "now"] : ["in its first third", "in its second", "in its last"]
        return zip(numbers, words).map { "\($0) \($1)" }.joined(separator: ", ")
    }
}

/// What came in, went out, became dead letters and waited over one span.
struct ActivityLines {
    let heading: String
    let lines: [Sparkline]

    init(_ activity: EventActivity) {
        let (span, steps) = (activity.span, activity.steps)
        heading = span.heading
        lines = [
            Sparkline("Came in", steps.map(\.came), span: span, isLevel: false),
            Sparkline("Went out", steps.map(\.done), span: span, isLevel: false),
            Sparkline("Dead letters", steps.map(\.failed), span: span, isLevel: false),
            Sparkline("Waiting", steps.map(\.waiting), span: span, isLevel: true),
        ]
    }
}

extension ActivitySpan {
    var heading: String {
        switch self {
        case .hour: "Last hour"
        case .day: "Last day"
        case .month: "Last 31 days"
        }
    }

    var words: String {
        switch self {
        case .hour: "60 minutes"
        case .day: "24 hours"
        case .month: "31 days"
        }
    }

    var step: String {
        switch self {
        case .hour: "minute"
        case .day: "half-hour"
        case .month: "day"
        }
    }
}
