/// Which rejected requests make room when there are too many. The source that has most gives; of its minutes the fullest, and in it the
/// last to come. So a flood thins out itself: other sources keep theirs, and so do the flooded one's quiet minutes.
struct EvictionPlan: Equatable {
    struct Minute: Equatable {
        let source: String
        let number: Int64
        var rows: Int
        var bytes: Int

        /// As if all were of one size.
        mutating func giveOne() {
            bytes -= bytes / rows
            rows -= 1
        }
    }

    struct Step: Equatable {
        let source: String
        let minute: Int64
        var rows: Int
    }

    private(set) var steps: [Step] = []

    /// - Parameters:
    ///   - rows: how many too many.
    ///   - bytes: how many too many.
    ///   - limit: most rows to take.
    init(_ minutes: [Minute], rows: Int, bytes: Int, limit: Int) {
        var left = Dictionary(grouping: minutes, by: \.source).mapValues(Share.init)
        var (rows, bytes) = (rows, bytes)
        for _ in 0..<limit where rows > 0 || bytes > 0 {
            let byRows = rows > 0
            // With the name, so that of two sources as full it is always the same.
            let fullest = left.max { ($0.value.weight(byRows), $0.key) < ($1.value.weight(byRows), $1.key) }?.key
            guard let fullest, let (minute, size) = left[fullest]?.giveOne(byRows: byRows) else { return }
            (rows, bytes) = (rows - 1, bytes - size)
            add(fullest, minute)
            if left[fullest]?.minutes.isEmpty == true { left[fullest] = nil }
        }
    }

    /// What one source has.
    private struct Share {
        private(set) var minutes: [Minute]
        private var rows, bytes: Int

        init(_ minutes: [Minute]) {
            self.minutes = minutes
            rows = minutes.reduce(0) { $0 + $1.rows }
            bytes = minutes.reduce(0) { $0 + $1.bytes }
        }

        func weight(_ byRows: Bool) -> Int { byRows ? rows : bytes }

        /// Of its fullest minute; of two as full the older one's: the newer is what somebody looks for.
        mutating func giveOne(byRows: Bool) -> (minute: Int64, bytes: Int)? {
            let weight: (Minute) -> Int = byRows ? { $0.rows } : { $0.bytes }
            let fullest = minutes.indices.max {
                (weight(minutes[$0]), -minutes[$0].number) < (weight(minutes[$1]), -minutes[$1].number)
            }
            guard let fullest else { return nil }
            let (number, before) = (minutes[fullest].number, minutes[fullest].bytes)
            minutes[fullest].giveOne()
            let given = before - minutes[fullest].bytes
            (rows, bytes) = (rows - 1, bytes - given)
            if minutes[fullest].rows == 0 { minutes.remove(at: fullest) }
            return (number, given)
        }
    }

    private mutating func add(_ source: String, _ minute: Int64) {
        if let place = steps.firstIndex(where: { $0.source == source && $0.minute == minute }) {
            steps[place].rows += 1
        } else {
            steps.append(Step(source: source, minute: minute, rows: 1))
        }
    }
}
