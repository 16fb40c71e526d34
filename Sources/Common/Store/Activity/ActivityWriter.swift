import GRDB

/// Adds what a transaction has changed to the stretch of time that it falls into. One statement for each tenant and source.
struct ActivityWriter {
    /// What lies further back no line shows.
    static let kept: Duration = .seconds(32 * 86_400)

    private let db: Database
    private let now: Timestamp

    init(_ db: Database, now: Timestamp) { (self.db, self.now) = (db, now) }

    func write(_ tally: Tally, areArrivals: Bool) throws {
        let add = try RawStatement(ActivitySQL.add, in: db, BindingArena(bytes: 256))
        for change in tally.changes {
            let came = areArrivals ? max(0, change[.queued]) + max(0, change[.received]) : 0
            let (done, failed, queued) = (max(0, change[.processed]), max(0, change[.failed]), change[.queued])
            guard came != 0 || done != 0 || failed != 0 || queued != 0 else { continue }
            add.bind(change.tenant, at: 1)
            add.bind(change.source, at: 2)
            add.bind(now.milliseconds, at: 3)
            add.bind(came, at: 4)
            add.bind(done, at: 5)
            add.bind(failed, at: 6)
            add.bind(queued, at: 7)
            try add.run(db)
        }
    }
}

extension ActivityWriter {
    /// Brings what ingest has stored, and is tallied, into the lines: once a second, since three rows for each commit would cost more than the
    /// event's count.
    func drawArrivals() throws {
        let arrivals = try Self.arrivals(db)
        guard !arrivals.isEmpty else { return }
        try write(arrivals, areArrivals: true)
        try db.cachedStatement(sql: ActivitySQL.draw).execute()
    }

    /// What no line shows yet. Who reads the lines adds it.
    static func arrivals(_ db: Database) throws -> Tally {
        var tally = Tally()
        let rows = try Row.fetchCursor(db.cachedStatement(sql: ActivitySQL.arrivals))
        while let row = try rows.next() {
            guard let status = EventStatus(rawValue: row[2]) else { continue }
            tally.add(row[3], tenant: row[0], source: row[1], status: status)
        }
        return tally
    }
}

extension Store {
    func forgetOldActivity(now: Timestamp) throws(StoreError) {
        let end = now.milliseconds - ActivityWriter.kept.milliseconds
        try writeSoon { try $0.cachedStatement(sql: ActivitySQL.forget).execute(arguments: [end]) }
    }
}
