import GRDB

/// What was counted and is not in the store yet. A value; many events make few rows of it.
public struct Counters: Sendable, Equatable {
    struct Key: Hashable {
        let metric: Metric
        let first, second, third: String
    }

    private(set) var counts: [Key: Int64] = [:]
    private(set) var histograms: [Metric: HistogramCounts] = [:]

    public init() {}

    public var isEmpty: Bool { counts.isEmpty && histograms.isEmpty }

    /// Labels in the catalogue's order. Never what a stranger wrote.
    public mutating func add(_ metric: Metric, _ first: String = "", _ second: String = "", _ third: String = "", by count: Int64 = 1) {
        counts[Key(metric: metric, first: first, second: second, third: third), default: 0] += count
    }

    public mutating func observe(_ metric: Metric, _ duration: Duration) {
        histograms[metric, default: HistogramCounts(metric)].observe(duration)
    }

    public mutating func observe(_ metric: Metric, _ durations: HistogramCounts) {
        guard !durations.isEmpty else { return }
        histograms[metric] = histograms[metric].map { $0.adding(durations) } ?? durations
    }

    public mutating func merge(_ other: Counters) {
        counts.merge(other.counts, uniquingKeysWith: +)
        histograms.merge(other.histograms) { $0.adding($1) }
    }

    /// One statement for each set of labels.
    func write(_ db: Database) throws {
        let statement = try RawStatement(MetricSQL.add, in: db, BindingArena(bytes: 512))
        func add(_ metric: Metric, _ labels: (String, String, String), _ count: Int64) throws {
            statement.bind(metric.rawValue, at: 1)
            statement.bind(labels.0, at: 2)
            statement.bind(labels.1, at: 3)
            statement.bind(labels.2, at: 4)
            statement.bind(count, at: 5)
            try statement.run(db)
        }
        for (key, count) in counts { try add(key.metric, (key.first, key.second, key.third), count) }
        for (metric, histogram) in histograms {
            for (place, count) in histogram.buckets.enumerated() where count > 0 {
                try add(metric, (HistogramCounts.bound(place, of: metric), "", ""), count)
            }
            try add(metric, (HistogramCounts.sum, "", ""), histogram.microseconds)
        }
    }
}

/// Observations by bucket, each in one alone; the last bucket has no bound.
public struct HistogramCounts: Sendable, Equatable {
    /// Stands where a bucket's bound would.
    static let sum = "sum"

    private let bounds: [Double]
    private(set) var buckets: [Int64]
    private(set) var microseconds: Int64 = 0
    private let unit: Double

    public init(_ metric: Metric) {
        bounds = metric.bounds
        buckets = Array(repeating: 0, count: bounds.count + 1)
        unit = metric.microseconds
    }

    public var isEmpty: Bool { buckets.allSatisfy { $0 == 0 } }

    public mutating func observe(_ duration: Duration) { observe(microseconds: duration.microseconds) }

    public mutating func observe(microseconds: Int64) {
        let taken = max(0, microseconds)
        let value = Double(taken) / unit
        buckets[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        self.microseconds += taken
    }

    func adding(_ other: HistogramCounts) -> HistogramCounts {
        var both = self
        both.buckets = zip(buckets, other.buckets).map(+)
        both.microseconds += other.microseconds
        return both
    }

    /// A bucket's bound as it stands in the store and in the text.
    static func bound(_ place: Int, of metric: Metric) -> String {
        place < metric.bounds.count ? MetricText.number(metric.bounds[place]) : "+Inf"
    }
}

extension Duration {
    public var microseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }
}
