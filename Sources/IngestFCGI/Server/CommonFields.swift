import Common

/// What lines of events of one source, tenant, type and outcome have in common: one after another mostly has the same.
struct CommonFields {
    /// What stands behind the event's id and before the milliseconds.
    let json: Bytes
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

    init(_ outcome: StoreOutcome, _ event: NewEvent) {
        (tenant, source, type, word) = (event.tenant, event.source, event.reading.eventType, Word(outcome, event))
        // Names have no character in them that JSON would have escaped.
        var json = Bytes("\",\"tenant\":\"\(tenant)\",\"source\":\"\(source)\",\"event_type\":".utf8)
        json.append(contentsOf: JSONText.quoted(type))
        json.append(contentsOf: ",\"outcome\":\"\(word.rawValue)\",\"latency_ms\":".utf8)
        self.json = json
    }

    func fits(_ outcome: StoreOutcome, _ event: NewEvent) -> Bool {
        Word(outcome, event) == word && event.reading.eventType.isSame(as: type) && event.tenant == tenant && event.source == source
    }
}
