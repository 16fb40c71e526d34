import Common

/// Lines of a round and the next, in one text: a line for each event is the dearest thing that is only for looking at.
struct EventLog {
    /// What a text that was told keeps of its memory, which is still in the processor's cache when the next is written.
    private static let kept = 128 << 10

    private(set) var text = Bytes()
    /// How each line begins.
    private var head = Bytes()
    /// Of the last line.
    private var common: CommonFields?

    /// A round begins.
    mutating func begin(at now: Timestamp) {
        if Watching.isOn { head = LogLine("event", at: now).json + Bytes(",\"event_id\":\"".utf8) }
    }

    /// The text was told.
    mutating func clear() { text.removeAll(keepingCapacity: text.capacity <= Self.kept) }

    mutating func add(_ lines: [LogLine]) {
        for line in lines { line.append(to: &text) }
    }

    /// One line for one event of an answered post.
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
