import Common

/// How much time the next request covers. Lists come newest first or in no order, and are put into order slice by slice; a slice is also
/// what a run that was killed begins anew with.
struct SlicePlan: Equatable {
    static let shortest: Duration = .seconds(1)
    static let longest: Duration = .seconds(30 * 86_400)

    private(set) var length: Duration = .seconds(3600)

    var canShrink: Bool { length > Self.shortest }

    mutating func shrink() { length = .seconds(max(1, length.milliseconds / 2000)) }

    /// - Parameter pages: that the last slice had, of all kinds together.
    mutating func note(pages: Int, kinds: Int) {
        if pages <= kinds { length = min(length + length, Self.longest) }
    }

    /// Ends on a whole second, as providers count.
    func slice(from start: Timestamp, to end: Timestamp) -> Range<Timestamp> { start..<min(end, start + length) }
}
