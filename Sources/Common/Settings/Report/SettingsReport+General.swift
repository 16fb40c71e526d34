/// What counts for all sources and tenants.
extension SettingsReport {
    public var general: [Group] {
        [
            Group(title: "Store", rows: store), Group(title: "Ingest", rows: ingest), Group(title: "Worker", rows: worker),
            Group(title: "Retention", rows: retention), Group(title: "Rejected requests", rows: rejected),
            Group(title: "Alerts", rows: alerts), Group(title: "Traces", rows: tracing),
        ]
    }

    private var store: [Row] {
        let keys = settings.encryption.keys.all.map(\.id)
        return [
            row("database", settings.database, variables: ["GATEPOST_DB"]), row("public-url", settings.publicURL ?? "none"),
            row("trust-anchors", settings.trustAnchors), row("encryption", settings.encryption.mode.rawValue),
            row("GATEPOST_DATA_KEY", keys.isEmpty ? "not set" : "keys \(keys.joined(separator: ", "))", variables: ["GATEPOST_DATA_KEY"]),
        ]
    }

    private var ingest: [Row] {
        let ingest = settings.ingest
        return [
            row("ingest.body-limit", Self.words(ingest.bodyLimit)), row("ingest.turns", String(ingest.turns)),
            row("ingest.max-waiting", String(ingest.maxWaiting)), row("ingest.free-space-floor", Self.words(ingest.freeSpaceFloor)),
        ]
    }

    private var worker: [Row] {
        let worker = settings.worker
        return [
            row("worker.batch-size", String(worker.batchSize)), row("worker.connections", String(worker.connections)),
            row("worker.lease", Self.words(worker.lease)), row("worker.connect-timeout", Self.words(worker.connectTimeout)),
            row("worker.timeout", Self.words(worker.timeout)), row("worker.tries", String(worker.tries)),
            row("worker.circuit-threshold", String(worker.circuit.threshold)),
            row("worker.circuit-shortest", Self.words(worker.circuit.shortest)),
            row("worker.circuit-longest", Self.words(worker.circuit.longest)), row("worker.retry-base", Self.words(worker.backoff.base)),
            row("worker.retry-factor", String(worker.backoff.factor)), row("worker.retry-longest", Self.words(worker.backoff.longest)),
        ]
    }

    /// One time for several, or each its own.
    private var retention: [Row] {
        let whole = origins.entry("retention").map { origins.place(of: $0) }
        let rule = settings.retention
        let statuses = [EventStatus.processed, .discarded, .received, .failed].map { status in
            row("retention.\(status)", rule?.age(of: status, source: "").map(Self.words) ?? "for ever", or: whole ?? Self.byDefault)
        }
        let sources = rows(below: "retention.sources")
        return statuses + [row("retention.keys", Self.words(rule?.keyAge ?? Purge.leastKeyAge))]
            + (sources.isEmpty ? [row("retention.sources", "none")] : sources)
    }

    private var rejected: [Row] {
        let rejected = settings.rejected
        return [
            row("rejected.keep", String(rejected.keep)), row("rejected.bytes", Self.words(rejected.bytes)),
            row("rejected.per-minute", String(rejected.perMinute)), row("rejected.days", String(rejected.days)),
        ]
    }

    private var alerts: [Row] {
        let alerts = settings.alerts
        return [
            row("alerts.dead-letters", String(alerts.deadLetters)), row("alerts.oldest-queued", Self.words(alerts.oldestQueued)),
            row("alerts.secret-age", Self.words(alerts.secretAge)), row("alerts.debounce", Self.words(alerts.debounce)),
            // A webhook's path is often all that its owner asks for.
            row("alerts.webhook", alerts.webhook.map { "\($0.split(separator: "/").prefix(2).joined(separator: "//"))/…" } ?? "none"),
            row("alerts.smtp.url", alerts.smtp?.url ?? "none"), row("alerts.smtp.user", alerts.smtp?.user ?? "none"),
            row("alerts.smtp.from", alerts.smtp?.from ?? "none"),
            row("alerts.smtp.to", alerts.smtp?.to.joined(separator: ", ") ?? "none"),
            secret("GATEPOST_ALERT_SLACK_URL", alerts.slack, variables: ["GATEPOST_ALERT_SLACK_URL"]),
            secret("GATEPOST_ALERT_SMTP_PASSWORD", alerts.smtp?.password, variables: ["GATEPOST_ALERT_SMTP_PASSWORD"]),
        ]
    }

    /// The variables that are set; without a collector nothing is traced.
    private var tracing: [Row] {
        let set = origins.variables.keys.filter { $0.hasPrefix("OTEL_") }.sorted()
        guard let tracing = settings.tracing else {
            return [Row(name: "OTEL_EXPORTER_OTLP_ENDPOINT", value: "nothing is traced", origin: Self.byDefault, isDefault: true)]
                + set.map { row($0, "set", variables: [$0]) }
        }
        let known = [
            "OTEL_EXPORTER_OTLP_ENDPOINT": tracing.url, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": tracing.url,
            "OTEL_EXPORTER_OTLP_TIMEOUT": Self.words(tracing.timeout), "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT": Self.words(tracing.timeout),
            "OTEL_SERVICE_NAME": tracing.serviceName, "OTEL_BSP_MAX_QUEUE_SIZE": String(tracing.queue),
            "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": String(tracing.batch),
        ]
        return set.map { row($0, known[$0] ?? "set", variables: [$0]) }
    }
}
