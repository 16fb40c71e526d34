/// Every metric there is. Names stay what they are: other people's dashboards and rules hold on to them.
public enum Metric: String, Sendable, CaseIterable {
    case ingestCount = "webhook_ingest_count_total"
    case ingestFailures = "webhook_ingest_fail_count_total"
    case ingestDuration = "webhook_ingest_duration_seconds"
    case jobDuration = "job_duration_ms"
    case jobRetries = "job_retry_count_total"
    case jobsEnded = "gatepost_jobs_ended_total"
    case eventLatency = "gatepost_event_latency_seconds"
    case responses = "wordpress_http_responses_total"
    case events = "gatepost_events"
    case queueDepth = "gatepost_queue_depth"
    case oldestQueued = "gatepost_oldest_queued_age_seconds"
    case deadLetters = "gatepost_dlq_depth"
    case rejected = "gatepost_rejected_requests"
    case circuits = "gatepost_circuit_state"
    case pauses = "gatepost_paused"
    case errands = "gatepost_errands"
    case alerts = "gatepost_alerts_open"
    case secretAge = "gatepost_secret_age_seconds"
    case workerRuns = "gatepost_worker_runs_total"
    case workerLastRun = "gatepost_worker_last_run_timestamp_seconds"
    case spansExported = "gatepost_spans_exported_total"
    case spansDropped = "gatepost_spans_dropped_total"
    case databaseBytes = "gatepost_database_bytes"
    case logBytes = "gatepost_wal_bytes"
    case freeBytes = "gatepost_disk_free_bytes"
    case build = "gatepost_build_info"

    public enum Kind: String, Sendable { case counter, gauge, histogram }

    public var kind: Kind {
        switch self {
        case .ingestCount, .ingestFailures, .jobRetries, .jobsEnded, .responses, .workerRuns, .spansExported, .spansDropped: .counter
        case .ingestDuration, .jobDuration, .eventLatency: .histogram
        default: .gauge
        }
    }

    /// In the order in which the store keeps them.
    public var labels: [String] {
        switch self {
        case .ingestCount: ["source", "tenant", "outcome"]
        case .ingestFailures: ["source", "reason"]
        case .jobsEnded: ["tenant", "outcome"]
        case .responses: ["tenant", "class"]
        case .events: ["tenant", "source", "status"]
        case .rejected: ["source"]
        case .circuits: ["endpoint", "tenant"]
        case .pauses: ["tenant", "source", "route"]
        case .errands: ["state"]
        case .alerts: ["kind"]
        case .secretAge: ["source", "tenant", "fingerprint"]
        case .spansDropped: ["reason"]
        case .build: ["version"]
        default: []
        }
    }

    /// Labels that are known before anything is counted: they are there from the beginning, as 0, so that a rule sees the first one rise.
    var known: [[String]] {
        switch self {
        case .spansDropped: SpanDrop.allCases.map { [$0.rawValue] }
        default: labels.isEmpty ? [[]] : []
        }
    }

    public var help: String {
        switch self {
        case .ingestCount: "Events that were queued, kept or duplicates, and requests that were refused."
        case .ingestFailures: "Requests that were refused, by reason."
        case .ingestDuration: "From the first byte of a post to its commit, of posts that were answered with 2xx."
        case .jobDuration: "From the claim of a push to its settling."
        case .jobRetries: "Jobs that were put back after a try that failed."
        case .jobsEnded: "Jobs that came to their end."
        case .eventLatency: "From an event's arrival to WordPress's word that it has it."
        case .responses: "Answers of WordPress by class of status; error: no answer."
        case .events: "Events in the store."
        case .queueDepth: "Events that wait for WordPress."
        case .oldestQueued: "Age of the oldest event that waits; 0 where none does."
        case .deadLetters: "Events that are dead letters."
        case .rejected: "Rejected requests that are kept and have not been taken in since."
        case .circuits: "0 closed, 1 half-open, 2 open: nothing goes to that WordPress."
        case .pauses: "1 for each pause; * stands for all."
        case .errands: "What is to be fetched from providers."
        case .alerts: "Alerts that are open."
        case .secretAge: "Since when ingest has known a secret that is in force."
        case .workerRuns: "Runs of the worker that came to their end."
        case .workerLastRun: "When a run of the worker ended last."
        case .spansExported: "Spans that a collector has taken."
        case .spansDropped: "Spans that went nowhere."
        case .databaseBytes: "Size of the store's file."
        case .logBytes: "Size of the store's write-ahead log."
        case .freeBytes: "Free space where the store lies."
        case .build: "1, with the version that answers."
        }
    }

    /// Upper bounds of a histogram's buckets, in its unit.
    public var bounds: [Double] {
        switch self {
        case .ingestDuration: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
        case .jobDuration: [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000]
        case .eventLatency: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 21_600, 86_400]
        default: []
        }
    }

    /// Microseconds in a histogram's unit.
    public var microseconds: Double { self == .jobDuration ? 1000 : 1_000_000 }
}
