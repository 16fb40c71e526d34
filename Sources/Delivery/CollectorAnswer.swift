import Common
import Transport

/// What a collector's answer to an export means.
/// https://opentelemetry.io/docs/specs/otlp/#otlphttp-response
public struct CollectorAnswer: Sendable, Equatable {
    /// Spans that it did not take.
    public let refused: Int
    /// Why not, or what it has to say although it took them all.
    public let words: String?

    /// - Parameter spans: that it was told of.
    public init(_ response: HTTPResponse, to spans: Int) {
        guard (200..<300).contains(response.status) else {
            (refused, words) = (spans, "status \(response.status)")
            return
        }
        // A login or a proxy before it answers 200 as well.
        guard response.header("content-type")?.contains("html") != true, response.body.first != UInt8(ascii: "<") else {
            (refused, words) = (spans, "status \(response.status) with a page, as no collector answers")
            return
        }
        let partial = (try? JSONDocument(response.body))?.root["partialSuccess"]
        let count = partial?["rejectedSpans"].flatMap { $0.integer ?? $0.string.flatMap { Int64($0) } } ?? 0
        let message = partial?["errorMessage"]?.string.map { $0.isEmpty ? "" : ": \($0.prefix(200))" } ?? ""
        refused = Int(max(0, min(Int64(spans), count)))
        if refused > 0 {
            words = "it refused \(refused) of \(spans) spans\(message)"
        } else {
            words = message.isEmpty ? nil : "it refused none, and says\(message)"
        }
    }
}
