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

    init(_ store: Store, _ visit: Visit) throws {
        var filter = AuditFilter()
        filter.until = visit.request.query["until"].flatMap { Timestamp(rfc3339: $0) }
        let lines = try AuditQueries(store: store).list(filter, limit: Self.rowsOnPage + 1)
        rows = lines.prefix(Self.rowsOnPage).map { line in
            let entry = line.entry
            return Row(
                at: Moment(entry.at, now: visit.now), actor: entry.actor, origin: entry.origin.rawValue, action: entry.action,
                object: entry.object ?? "", detail: entry.detail ?? "", count: entry.count)
        }
        older =
            lines.count > Self.rowsOnPage
            ? PageFields([("until", lines[Self.rowsOnPage - 1].entry.at.description)]).link("/admin/audit") : nil
    }
}
