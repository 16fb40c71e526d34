import Common

/// Arrivals of the last hour, minute by minute, as the points of an SVG polyline and in words.
struct Sparkline {
    static let minutes = 60
    let points: String
    let words: String
    let total: Int

    init(_ arrivals: EventArrivals, now: Timestamp) {
        let first = now.milliseconds / 60_000 - Int64(Self.minutes) + 1
        var bars = Array(repeating: 0, count: Self.minutes)
        for (minute, count) in arrivals.byMinute {
            let place = Int(minute - first)
            if bars.indices.contains(place) { bars[place] += count }
        }
        let most = max(1, bars.max() ?? 0)
        points = bars.enumerated().map { place, count in "\(place * 4),\(38 - count * 36 / most)" }.joined(separator: " ")
        total = bars.reduce(0, +)
        let events = "\(total) event\(total == 1 ? "" : "s")"
        words =
            arrivals.isCut
            ? "More than \(events) in the last hour; the line shows the newest of them."
            : total == 0 ? "Nothing came in the last hour." : "\(events) in the last hour, \(bars.max() ?? 0) in its busiest minute."
    }
}
