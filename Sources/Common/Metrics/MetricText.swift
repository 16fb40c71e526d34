/// One metric with what it is worth now.
public struct MetricFamily: Sendable, Equatable {
    public struct Sample: Sendable, Equatable {
        /// Values in the order of the metric's labels.
        public let labels: [String]
        public let value: Double

        public init(_ labels: [String] = [], _ value: Double) {
            self.labels = labels
            self.value = value
        }
    }

    /// Of a histogram: observations by bucket, each in one alone, and what they add up to, in its unit.
    struct Distribution: Sendable, Equatable {
        var buckets: [Int64]
        var sum: Double
    }

    public let metric: Metric
    public var samples: [Sample] = []
    var distribution: Distribution?
}

/// Prometheus's text format, version 0.0.4.
/// https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
public enum MetricText {
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    public static func render(_ families: [MetricFamily]) -> String {
        families.reduce(into: "") { text, family in
            let name = family.metric.rawValue
            text += "# HELP \(name) \(family.metric.help)\n# TYPE \(name) \(family.metric.kind.rawValue)\n"
            for sample in family.samples {
                text += "\(name)\(labels(zip(family.metric.labels, sample.labels))) \(number(sample.value))\n"
            }
            if let distribution = family.distribution { append(distribution, of: family.metric, to: &text) }
        }
    }

    private static func append(_ distribution: MetricFamily.Distribution, of metric: Metric, to text: inout String) {
        var count: Int64 = 0
        for (place, observations) in distribution.buckets.enumerated() {
            count += observations
            text += "\(metric.rawValue)_bucket{le=\"\(HistogramCounts.bound(place, of: metric))\"} \(count)\n"
        }
        text += "\(metric.rawValue)_sum \(number(distribution.sum))\n\(metric.rawValue)_count \(count)\n"
    }

    private static func labels(_ pairs: some Sequence<(String, String)>) -> String {
        let list = pairs.map { "\($0)=\"\(escaped($1))\"" }
        return list.isEmpty ? "" : "{\(list.joined(separator: ","))}"
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }

    /// Whole numbers without a fraction.
    static func number(_ value: Double) -> String {
        value == value.rounded() && value.magnitude < 1e15 ? String(Int64(value)) : "\(value)"
    }
}
