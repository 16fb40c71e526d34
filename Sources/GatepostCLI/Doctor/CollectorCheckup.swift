import Common
import Delivery
import Transport

/// Where traces go, asked as the worker tells it, with an export without spans. No event depends on it: what is wrong there is a warning.
struct CollectorCheckup: Checkup {
    let tracing: Settings.Tracing
    let answer: Result<HTTPResponse, TransportError>

    var findings: [Finding] {
        switch answer {
        case .failure(let error):
            let fix =
                error.kind == .timeout
                ? "it has \(tracing.timeout) (OTEL_EXPORTER_OTLP_TIMEOUT, in milliseconds); traces are lost meanwhile, events are not"
                : "is it up, and does this machine reach it? Traces are lost meanwhile, events are not"
            return [warn("\(error)", fix: fix)]
        case .success(let response):
            guard !(200..<300).contains(response.status) else { return [.pass("traces", "the collector at \(tracing.origin) takes them")] }
            return [warn("answers \(response.status)", fix: Self.fix(response.status))]
        }
    }

    private func warn(_ text: String, fix: String) -> Finding { .warn("traces", "the collector at \(tracing.origin): \(text)", fix: fix) }

    private static func fix(_ status: Int) -> String {
        switch status {
        case 401, 403: "what it asks for belongs into OTEL_EXPORTER_OTLP_HEADERS, as name=value"
        case 404, 405: "/v1/traces is put behind OTEL_EXPORTER_OTLP_ENDPOINT; another path goes into OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
        case 400, 415: "it has to take OTLP over HTTP as JSON (application/json); no other form is spoken here"
        case 300..<400: "name the address that it redirects to: OTEL_EXPORTER_OTLP_ENDPOINT"
        default: "see its log"
        }
    }

    static func gather(_ tracing: Settings.Tracing) -> CollectorCheckup {
        CollectorCheckup(
            tracing: tracing, answer: Exchange.run(HTTPRequest(exporting: [], to: tracing), options: TransferOptions(exportingTo: tracing)))
    }
}
