/// Why spans went nowhere, as `gatepost_spans_dropped_total` says it.
public enum SpanDrop: String, Sendable, CaseIterable {
    /// The collector did not answer, or not in time.
    case collectorDown = "collector_down"
    /// There was no room for them.
    case queueFull = "queue_full"
    /// The collector answered, and did not take them.
    case refused
}
