import Common

extension LogLine {
    /// One line for one event of an answered post.
    static func answered(_ outcome: StoreOutcome, of event: NewEvent, took milliseconds: Int64, at now: Timestamp) -> LogLine {
        let word =
            switch outcome {
            case .stored: event.reading.route == .keep ? "kept" : "queued"
            case .duplicate: "duplicate"
            }
        return LogLine("event", at: now).with("event_id", outcome.eventID).with("tenant", event.tenant.description)
            .with("source", event.source.description).with("event_type", event.reading.eventType).with("outcome", word)
            .with("latency_ms", milliseconds).with("request_id", event.requestID)
            .with("trace_id", EventTrace.id(eventID: outcome.eventID, requestID: event.requestID, traceparent: event.traceparent))
    }

    /// - Parameter id: under which it is kept, for `gatepost rejected show`.
    static func refused(_ refusal: Refusal, _ head: RequestHead, id: String? = nil, at now: Timestamp) -> LogLine {
        LogLine(refusal.description, level: refusal.status >= 500 ? .error : .warning, at: now).with("outcome", "refused")
            .with("source", head.source).with("path", String(head.path.prefix(200))).with("reason", refusal.reason).with(
                "status", Int64(refusal.status)
            ).with("remote", head.remoteAddress)
            .with("request_id", head.requestID).with("event_id", id)
    }
}
