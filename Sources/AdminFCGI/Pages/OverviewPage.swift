import Common

/// How many events stand where.
struct OverviewPage {
    struct Row {
        let tenant: String
        let source: String
        let counts: [Int]
    }

    let statuses = EventStatus.allCases.map(\.rawValue)
    let rows: [Row]
    let oldest: String?

    init(counts: EventCounts, now: Timestamp) {
        rows = counts.lines.map { line in
            Row(
                tenant: line.tenant.isEmpty ? "(none)" : line.tenant, source: line.source,
                counts: EventStatus.allCases.map { line.events[$0] ?? 0 })
        }
        oldest = counts.oldestQueued?.description
    }
}
