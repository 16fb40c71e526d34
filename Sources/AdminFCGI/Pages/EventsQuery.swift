import Common

/// What the filter's form says, to show it again, and what it means.
struct EventsQuery {
    let text, tenant, source, type, user, since, until: String

    /// Something is chosen by that the short form does not show.
    var isDetailed: Bool { ![tenant, source, type, user, since, until].allSatisfy(\.isEmpty) }

    init(_ query: PageFields) {
        func value(_ name: String) -> String { query[name] ?? "" }
        (text, tenant, source, type) = (value("text"), value("tenant"), value("source"), value("type"))
        (user, since, until) = (value("user"), value("since"), value("until"))
    }

    /// What cannot be read is a problem in words, and not a filter that matches all.
    static func filter(_ query: PageFields) -> (EventFilter, problems: [String]) {
        var filter = EventFilter()
        var problems: [String] = []
        func read<Value>(_ name: String, _ expected: String, _ parse: (String) -> Value?) -> Value? {
            guard let text = query[name] else { return nil }
            let value = parse(text)
            if value == nil { problems.append("\(name): expected \(expected)") }
            return value
        }
        filter.tenant = read("tenant", "1 to 64 letters, digits, '.', '_' or '-'") { TenantName($0) }
        filter.source = read("source", "1 to 40 of a-z, 0-9 and '-'") { SourceName($0) }
        filter.type = read("type", "an event's type; * stands for anything") { EventPattern($0) }
        filter.status = read("status", EventStatus.allCases.map(\.rawValue).joined(separator: ", ")) { EventStatus(rawValue: $0) }
        filter.since = read("since", "a time in UTC, as 2026-11-24T18:00", moment)
        filter.until = read("until", "a time in UTC, as 2026-11-24T18:00", moment)
        filter.user = read("user", "at most 300 characters") { $0.count <= 300 ? $0 : nil }
        filter.text = read("text", "2 to 300 characters") { (2...300).contains($0.count) ? $0 : nil }
        return (filter, problems)
    }

    /// As a browser's field for a time gives it, or RFC 3339.
    private static func moment(_ text: String) -> Timestamp? {
        Timestamp(rfc3339: text) ?? Timestamp(rfc3339: text + ":00Z") ?? Timestamp(rfc3339: text + "Z")
            ?? Timestamp(rfc3339: text + "T00:00:00Z")
    }
}
