import Common

/// One line for one event of an answered post, many in one text: a line for each event is the dearest thing that is only for looking at.
struct EventLog {
    private(set) var text = Bytes()
    /// How each line begins.
    private let head: Bytes
    /// Of the last line.
    private(set) var common: CommonFields?

    /// - Parameters:
    ///   - events: how many there may be, so that the text need not grow.
    ///   - common: of the last line of the log before.
    init(at now: Timestamp, events: Int = 1, after common: CommonFields? = nil) {
        head = LogLine("event", at: now).json + Bytes(",\"event_id\":\"".utf8)
        self.common = common
        if Watching.isOn { text.reserveCapacity(events * 512) }
    }

    mutating func add(_ outcome: StoreOutcome, of event: NewEvent, took milliseconds: Int64) {
        let common = fields(outcome, event)
        let id = outcome.eventID
        let trace = EventTrace.id(eventID: id, requestID: event.requestID, traceparent: event.traceparent)
        let lengths = id.utf8.count + common.count + event.requestID.utf8.count + trace.utf8.count
        text.append(atMost: head.count + lengths + 100) { line in
            // Ids have no character in them that JSON would have escaped.
            line.append(head)
            line.append(id)
            line.append(common)
            line.append(decimal: Int(milliseconds))
            line.append(",\"request_id\":\"")
            line.append(event.requestID)
            line.append("\",\"trace_id\":\"")
            line.append(trace)
            line.append("\"}\n")
        }
    }

    private mutating func fields(_ outcome: StoreOutcome, _ event: NewEvent) -> Bytes {
        if let common, common.fits(outcome, event) { return common.json }
        let new = CommonFields(outcome, event)
        common = new
        return new.json
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
