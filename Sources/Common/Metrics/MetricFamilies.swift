extension MetricReading {
    /// What the store counts, by name.
    private var stored: [String: [Row]] { Dictionary(grouping: rows, by: \.name) }

    /// Every metric in the catalogue's order.
    public func families(now: Timestamp) -> [MetricFamily] {
        let stored = stored
        return Metric.allCases.map { metric in
            let rows = stored[metric.rawValue] ?? []
            if metric.kind == .histogram { return MetricFamily(metric: metric, distribution: distribution(metric, rows)) }
            return MetricFamily(metric: metric, samples: metric.kind == .counter ? counter(metric, rows) : gauge(metric, rows, now))
        }
    }

    /// One that nothing was counted of is 0; of most with labels nobody knows which there will be.
    private func counter(_ metric: Metric, _ rows: [Row]) -> [MetricFamily.Sample] {
        let counted = rows.map { MetricFamily.Sample(Array($0.labels.prefix(metric.labels.count)), Double($0.value)) }
        let quiet = metric.known.filter { known in !counted.contains { $0.labels == known } }
        return (counted + quiet.map { .init($0, 0) }).sorted { $0.labels.lexicographicallyPrecedes($1.labels) }
    }

    private func distribution(_ metric: Metric, _ rows: [Row]) -> MetricFamily.Distribution {
        let values = Dictionary(rows.map { ($0.labels[0], $0.value) }) { first, _ in first }
        let places = 0...metric.bounds.count
        return .init(
            buckets: places.map { values[HistogramCounts.bound($0, of: metric)] ?? 0 },
            sum: Double(values[HistogramCounts.sum] ?? 0) / metric.microseconds)
    }

    private func gauge(_ metric: Metric, _ rows: [Row], _ now: Timestamp) -> [MetricFamily.Sample] {
        switch metric {
        case .events: events
        case .queueDepth: [.init([], Double(counts.total(.queued)))]
        case .deadLetters: [.init([], Double(counts.total(.failed)))]
        case .oldestQueued: [.init([], counts.oldestQueued.map { max(0, Self.seconds(from: $0, to: now)) } ?? 0)]
        case .rejected: rejected.openBySource.sorted { $0.key < $1.key }.map { .init([$0.key], Double($0.value)) }
        case .circuits: circuits.map { .init([$0.endpoint.baseURL, $0.endpoint.tenant], Self.number(of: $0.state)) }
        case .pauses: pauses.map { .init($0, 1) }
        case .errands:
            [("waiting", errands.waiting), ("failing", errands.failing), ("failed", errands.failed)].map { .init([$0.0], Double($0.1)) }
        case .alerts: alerts.map { .init([$0.kind], Double($0.count)) }
        case .secretAge:
            secrets.filter { $0.state == .active }.compactMap { report in
                report.since.map {
                    .init(
                        [report.source.description, report.tenant.description, report.secret.fingerprint],
                        max(0, Self.seconds(from: $0, to: now)))
                }
            }
        case .workerLastRun: rows.first.map { [.init([], Double($0.value) / 1000)] } ?? []
        case .databaseBytes: [.init([], Double(databaseBytes))]
        case .logBytes: [.init([], Double(logBytes))]
        case .freeBytes: freeBytes.map { [.init([], Double($0))] } ?? []
        case .build: [.init([Gatepost.version], 1)]
        default: []
        }
    }

    /// The store has rejected requests as discarded; they are no events.
    private var events: [MetricFamily.Sample] {
        counts.lines.flatMap { line in
            EventStatus.allCases.compactMap { status in
                var count = line.events[status] ?? 0
                if status == .discarded { count = max(0, count - rejected.kept(tenant: line.tenant, source: line.source)) }
                return count == 0 && line.events[status] == nil || line.tenant.isEmpty
                    ? nil : .init([line.tenant, line.source, status.rawValue], Double(count))
            }
        }
    }

    private static func seconds(from moment: Timestamp, to now: Timestamp) -> Double {
        Double(now.milliseconds - moment.milliseconds) / 1000
    }

    private static func number(of state: Circuit.State) -> Double {
        switch state {
        case .closed: 0
        case .halfOpen: 1
        case .open: 2
        }
    }
}

extension RejectionCounts {
    fileprivate var openBySource: [String: Int] {
        Dictionary(open.map { ($0.key.source, $0.value) }, uniquingKeysWith: +)
    }
}

/// The page at `/metrics`, and what `gatepost metrics` prints.
public enum MetricsPage {
    public static let path = "/metrics"

    /// - Parameter settings: nil: what only they know is left out.
    public static func text(_ store: Store, _ settings: Settings?, now: Timestamp) throws(StoreError) -> String {
        var settings = settings
        if let known = settings { settings = known.adding(try LearnedSecrets(store: store).load(now: now)) }
        return MetricText.render(try MetricReading(store, settings, now: now).families(now: now))
    }
}
