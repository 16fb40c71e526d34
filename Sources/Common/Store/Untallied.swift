import GRDB

/// What ingest has stored behind the mark, up to which `event_tally` counts: written there once in some hundred events. It is only a shortcut:
/// whoever reads counts adds those rows themselves (`event_count`), so that a kill changes no count.
struct Untallied {
    private let mark: Int64
    /// The last of them. Where the store's last row is this one, nobody has stored anything since: none behind the mark goes (`tallyRows`), so
    /// that no number there is given twice.
    var last: Int64
    private var events = 0
    private var tally = Tally()

    /// Fewer than these are left to who reads counts.
    static let most = 256

    /// Of a store in which nothing stands behind the mark.
    init(mark: Int64) { (self.mark, last) = (mark, mark) }

    /// Whether it is all that stands behind the mark: nobody else has stored or tallied anything since.
    func isAll(behind mark: Int64, last: Int64) -> Bool { self.mark == mark && self.last == last }

    mutating func add(tenant: String, source: String, status: EventStatus) {
        events += 1
        tally.add(1, tenant: tenant, source: source, status: status)
    }

    var areMany: Bool { events >= Self.most }

    func write(_ db: Database) throws {
        try tally.add(to: db, haveArrived: true)
        try db.cachedStatement(sql: TallySQL.moveMark).execute()
    }

    /// Reads the rows behind the mark and tallies them. Who removes an event, or changes its route, does this first, within the same
    /// transaction: only the row says that it came.
    static func tallyRows(_ db: Database) throws {
        try db.cachedStatement(sql: TallySQL.addRows).execute()
        try db.cachedStatement(sql: TallySQL.moveMark).execute()
    }
}
