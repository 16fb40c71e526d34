import Common

/// One line for one event of an answered post, many in one text: a line for each event is the dearest thing that is only for looking at.
struct EventLog {
    private(set) var text = Bytes()
    /// How each of a round's lines begins.
    private let head: Bytes

    /// - Parameter events: how many there may be, so that the text need not grow.
    init(at now: Timestamp, events: Int = 1) {
        head = LogLine("event", at: now).json
        if Watching.isOn { text.reserveCapacity(events * 512) }
    }

    mutating func add(_ outcome: StoreOutcome, of event: NewEvent, took milliseconds: Int64) {
        let word =
            switch outcome {
            case .stored: event.reading.route == .keep ? "kept" : "queued"
            case .duplicate: "duplicate"
            }
        let (id, tenant, source, type) = (outcome.eventID, event.tenant.description, event.source.description, event.reading.eventType)
        let trace = EventTrace.id(eventID: id, requestID: event.requestID, traceparent: event.traceparent)
        let lengths = id.utf8.count + tenant.utf8.count + source.utf8.count + event.requestID.utf8.count + trace.utf8.count
        text.append(atMost: head.count + lengths + ByteWriter.most(quoted: type) + 200) { line in
            line.append(head)
            // Ids and names have no character in them that JSON would have escaped.
            line.append(",\"event_id\":\"")
            line.append(id)
            line.append("\",\"tenant\":\"")
            line.append(tenant)
            line.append("\",\"source\":\"")
            line.append(source)
            line.append("\",\"event_type\":")
            line.append(quoted: type)
            line.append(",\"outcome\":\"")
            line.append(word)
            line.append("\",\"latency_ms\":")
            line.append(decimal: Int(milliseconds))
            line.append(",\"request_id\":\"")
            line.append(event.requestID)
            line.append("\",\"trace_id\":\"")
            line.append(trace)
            line.append("\"}\n")
        }
    }
}

extension LogLine {
    /// - Parameter id: under which it is kept, for `gatepost rejected show`.
    static func refused(_ refusal: Refusal, _ head: RequestHead, id: String? = nil, at now: Timestamp) -> LogLine {
        LogLine(refusal.description, level: refusal.status >= 500 ? .error : .warning, at: now).with("outcome", "refused")
            .with("source", head.source).with("path", String(head.path.prefix(200))).with("reason", refusal.reason).with(
                "status", Int64(refusal.status)
            ).with("remote", head.remoteAddress)
            .with("request_id", head.requestID).with("event_id", id)
    }
}
