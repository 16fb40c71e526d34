import Common
import Transport

extension TransferOptions {
    /// So much patience a collector is given.
    public init(exportingTo tracing: Settings.Tracing) {
        self.init(
            connectTimeout: min(.seconds(1), tracing.timeout), timeout: tracing.timeout, userAgent: "Gatepost/\(Gatepost.version)")
    }
}

extension HTTPRequest {
    /// Tells a collector of spans: OTLP over HTTP, as JSON.
    /// https://opentelemetry.io/docs/specs/otlp/#otlphttp-request
    public init(exporting spans: some Sequence<Span>, to tracing: Settings.Tracing) {
        self.init(
            method: "POST", url: tracing.url,
            headers: [(name: "Content-Type", value: "application/json")] + tracing.headers.map { ($0.name, $0.value.exposed) },
            body: SpanJSON.request(spans, tracing), caFile: tracing.caFile)
    }
}
