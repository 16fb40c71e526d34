import Common

/// Who did what, newest first.
struct AuditPage {
    struct Row {
        let at: Moment
        let actor, origin, action, object, detail: String
        let count: Int?
    }

    static let rowsOnPage = 200

    let rows: [Row]
    let older: String?
    let newer: String?

    init(_ store: Store, _ visit: Visit) throws {
        let queries = AuditQueries(store: store)
        let part = try ListPart<AuditQueries.Line>(
            visit.request.query, at: "/admin/audit", size: Self.rowsOnPage, number: \.id,
            newest: { try queries.page(before: $0 ?? .max, limit: $1) }, next: { try queries.page(after: $0, limit: $1) })
        rows = part.rows.map { line in
            let entry = line.entry
            return Row(
                at: Moment(entry.at, now: visit.now), actor: entry.actor, origin: entry.origin.rawValue, action: entry.action,
                object: entry.object ?? "", detail: entry.detail ?? "", count: entry.count)
        }
        (older, newer) = (part.older, part.newer)
    }
}
