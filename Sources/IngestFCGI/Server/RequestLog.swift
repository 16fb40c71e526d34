import Common

/// One line for one event of an answered post, many in one text: a line for each event is the dearest thing that is only for looking at.
struct EventLog {
    private(set) var text = Bytes()
    /// How each line begins.
    private let head: Bytes
    /// The last line's.
    private(set) var kind: EventKind?

    /// - Parameters:
    ///   - events: how many there may be, so that the text need not grow.
    ///   - kind: of the last line of the log before.
    init(at now: Timestamp, events: Int = 1, after kind: EventKind? = nil) {
        head = LogLine("event", at: now).json + Bytes(",\"event_id\":\"".utf8)
        self.kind = kind
        if Watching.isOn { text.reserveCapacity(events * 512) }
    }

    mutating func add(_ outcome: StoreOutcome, of event: NewEvent, took milliseconds: Int64) {
        let common = common(outcome, event)
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

    private mutating func common(_ outcome: StoreOutcome, _ event: NewEvent) -> Bytes {
        if let kind, kind.isSame(as: outcome, event) { return kind.json }
        let new = EventKind(outcome, event)
        kind = new
        return new.json
    }
}

/// What lines of events of one source, tenant, type and outcome have in common: one after another is mostly of one kind.
struct EventKind {
    /// What stands behind the event's id and before the milliseconds.
    fileprivate let json: Bytes
    private let tenant: TenantName
    private let source: SourceName
    private let type: String
    private let word: Word

    private enum Word: String {
        case queued, kept, duplicate

        init(_ outcome: StoreOutcome, _ event: NewEvent) {
            switch outcome {
            case .stored: self = event.reading.route == .keep ? .kept : .queued
            case .duplicate: self = .duplicate
            }
        }
    }

    fileprivate init(_ outcome: StoreOutcome, _ event: NewEvent) {
        (tenant, source, type, word) = (event.tenant, event.source, event.reading.eventType, Word(outcome, event))
        // Names have no character in them that JSON would have escaped.
        var json = Bytes("\",\"tenant\":\"\(tenant)\",\"source\":\"\(source)\",\"event_type\":".utf8)
        json.append(contentsOf: JSONText.quoted(type))
        json.append(contentsOf: ",\"outcome\":\"\(word.rawValue)\",\"latency_ms\":".utf8)
        self.json = json
    }

    fileprivate func isSame(as outcome: StoreOutcome, _ event: NewEvent) -> Bool {
        Word(outcome, event) == word && event.reading.eventType.isSame(as: type) && event.tenant == tenant && event.source == source
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
