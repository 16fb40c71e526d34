import Common
import Transport

/// A run's tracing, where the settings name a collector.
struct Tracer {
    /// So long a run tells a collector what ingest has left, behind its work: what comes meanwhile waits for the next run.
    private static let most: Duration = .seconds(1)

    let exporter: SpanExporter
    private let store: Store
    private let clock: WallClock

    init?(_ store: Store, _ settings: Settings.Tracing?, clock: WallClock) throws {
        guard let settings else { return nil }
        self.store = store
        self.clock = clock
        exporter = try SpanExporter(settings, clock: clock, failedAt: try store.collectorFailedAt())
    }

    func note(_ batch: Worker.Batch, _ result: Result<HTTPResponse, TransportError>, tenant: TenantName, now: Timestamp) {
        let trace = PushTrace(batch.items, requestID: batch.requestID, sampler: exporter.sampler)
        exporter.add(
            trace.spans(
                of: result, tenant: tenant.description, requestID: batch.requestID, took: ContinuousClock.now - batch.since, now: now))
        exporter.pump()
    }

    /// The run is over: ingest's spans, and what is left of ours.
    func finish() throws {
        let end = ContinuousClock.now + Self.most
        while !exporter.isResting, .now < end, let spans = try store.takeIngestSpans(most: max(1, exporter.room / 3)) {
            exporter.add(spans)
            exporter.finish()
        }
        exporter.finish()
        if let failure = exporter.failure {
            LogSink.write([
                LogLine("the collector of traces did not take spans; events are not concerned", level: .warning, at: clock.now())
                    .with("collector", exporter.origin).with("error", failure).with("dropped", exporter.dropped)
            ])
        }
        try store.noteCollector(failedAt: exporter.failedAt)
    }

    var counts: Counters { exporter.counts }
}
