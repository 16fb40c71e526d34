/// One event's place in its trace. Everything follows from what its row has, so that ingest and worker agree without a word.
public struct EventTrace: Sendable, Hashable {
    public let traceID: String
    /// The sender's; nil where the trace begins with us.
    public let parent: Traceparent?
    /// Of the span that ingest's work makes: the end of the event's id, which is random.
    public let spanID: String

    public init(eventID: String, requestID: String, traceparent: String?) {
        parent = traceparent.flatMap { Traceparent($0) }
        traceID = parent?.traceID ?? Self.traceID(ofRequest: requestID) ?? Self.digits(of: eventID)
        spanID = String(Self.digits(of: eventID).suffix(16))
    }

    /// The trace's id alone.
    /// - Parameter traceparent: as it was stored, and so checked.
    public static func id(eventID: String, requestID: String, traceparent: String?) -> String {
        if let traceparent, traceparent.utf8.count == 55 {
            return String(decoding: traceparent.utf8.dropFirst(3).prefix(32), as: UTF8.self)
        }
        return traceID(ofRequest: requestID) ?? digits(of: eventID)
    }

    /// nginx's own id of a request has a trace id's form.
    static func traceID(ofRequest id: String) -> String? {
        let id = id.utf8.count == 32 ? id : digits(of: id)
        return id.utf8.span.withUnsafeBufferPointer(Traceparent.isTraceID) ? id : nil
    }

    /// Of a part of ingest's work.
    func spanID(of part: String) -> String {
        String(decoding: Hex.encode(Array(Crypto.sha256(Bytes("\(part):\(spanID)".utf8)).prefix(8))), as: UTF8.self)
    }

    private static func digits(of id: String) -> String { String(decoding: id.utf8.filter { $0 != UInt8(ascii: "-") }, as: UTF8.self) }
}
