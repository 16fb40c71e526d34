import Common
import Delivery
import Transport

/// Where traces go, asked as the worker tells it, with an export without spans. No event depends on it: what is wrong there is a warning.
struct CollectorCheckup: Checkup {
    let tracing: Settings.Tracing
    let answer: Result<HTTPResponse, TransportError>

    var findings: [Finding] {
        switch answer {
        case .failure(let error): return [warn("\(error)", fix: fix(error))]
        case .success(let response):
            guard let words = CollectorAnswer(response, to: 0).words else {
                return [.pass("traces", "the collector at \(tracing.origin) takes them")]
            }
            return [warn(words.printable, fix: Self.fix(response))]
        }
    }

    private func warn(_ text: String, fix: String) -> Finding { .warn("traces", "the collector at \(tracing.origin): \(text)", fix: fix) }

    private func fix(_ error: TransportError) -> String {
        switch error.kind {
        case .timeout: "it has \(tracing.timeout) (OTEL_EXPORTER_OTLP_TIMEOUT, in ms); traces are lost meanwhile, events are not"
        case .tls: "OTEL_EXPORTER_OTLP_CERTIFICATE names the PEM file of who vouches for it; or does it speak http:// alone?"
        default: "is it up, and does this machine reach it? Traces are lost meanwhile, events are not"
        }
    }

    private static func fix(_ response: HTTPResponse) -> String {
        switch response.status {
        case 200..<300: "is it the collector's own address? Its log says more"
        case 300..<400:
            "traces are not sent where another server points to: set the collector's own address, without the /v1/traces that is put behind it"
        case 400, 415: "it has to take OTLP over HTTP as JSON (application/json); no other form is spoken here"
        case 401, 403: "what it asks for belongs into OTEL_EXPORTER_OTLP_HEADERS, as name=value"
        case 404, 405:
            "/v1/traces is put behind OTEL_EXPORTER_OTLP_ENDPOINT, nothing behind OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: is that where it takes traces?"
        case 429: "more comes than it allows; a minute's traces are lost each time. OTEL_TRACES_SAMPLER traces less"
        case 500...: "its log says why; a minute's traces are lost each time"
        default: "its log says why; traces are lost meanwhile, events are not"
        }
    }

    static func gather(_ tracing: Settings.Tracing) -> CollectorCheckup {
        CollectorCheckup(
            tracing: tracing, answer: Exchange.run(HTTPRequest(exporting: [], to: tracing), options: TransferOptions(exportingTo: tracing)))
    }
}
