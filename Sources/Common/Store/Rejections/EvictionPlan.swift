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
        var left = Dictionary(grouping: minutes, by: \.source)
        var (rows, bytes) = (rows, bytes)
        for _ in 0..<limit where rows > 0 || bytes > 0 {
            let weight: (Minute) -> Int = rows > 0 ? { $0.rows } : { $0.bytes }
            let fullest = left.max { Self.sum($0.value, weight, $0.key) < Self.sum($1.value, weight, $1.key) }
            // Of two as full the older one gives: the newer is what somebody looks for.
            guard let source = fullest?.key, var own = fullest?.value,
                let place = own.indices.max(by: { (weight(own[$0]), -own[$0].number) < (weight(own[$1]), -own[$1].number) })
            else { return }
            let before = own[place].bytes
            own[place].giveOne()
            (rows, bytes) = (rows - 1, bytes - (before - own[place].bytes))
            add(source, own[place].number)
            if own[place].rows == 0 { own.remove(at: place) }
            left[source] = own.isEmpty ? nil : own
        }
    }

    /// With the name, so that of two sources as full it is always the same.
    private static func sum(_ minutes: [Minute], _ weight: (Minute) -> Int, _ name: String) -> (Int, String) {
        (minutes.reduce(0) { $0 + weight($1) }, name)
    }

    private mutating func add(_ source: String, _ minute: Int64) {
        if let place = steps.firstIndex(where: { $0.source == source && $0.minute == minute }) {
            steps[place].rows += 1
        } else {
            steps.append(Step(source: source, minute: minute, rows: 1))
        }
    }
}
