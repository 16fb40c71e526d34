import GRDB

/// Writes into events' and jobs' rows how they have ended. One transaction's.
struct Ending {
    struct End {
        let tenant, source: String
        /// Nil where it was never on its way.
        let key: String?
        let claimedAt, at: Timestamp
        /// `done`, `dead` or `discarded`.
        let job: String
        let status: EventStatus
        let httpStatus: Int?
        let failure: PushFailure?
        let tries: Int64
    }

    private let db: Database
    private let finish, mark: RawStatement
    var tally = Tally()

    init(_ db: Database) throws {
        self.db = db
        finish = try RawStatement(JobSQL.finish, in: db)
        mark = try RawStatement(JobSQL.mark, in: db)
    }

    /// What has ended before stays as it is.
    mutating func end(_ event: Int64, as end: End) throws {
        try finish(event, as: end)
        try markEnded(event, as: end)
    }

    /// The job's row alone.
    func finish(_ event: Int64, as end: End) throws {
        finish.bind(event, at: 1)
        finish.bind(end.job, at: 2)
        finish.bind(end.at.milliseconds, at: 3)
        finish.bind(end.httpStatus.map(Int64.init), at: 4)
        finish.bind(end.failure?.cause, at: 5)
        finish.bind(end.failure?.text, at: 6)
        finish.bind(end.tries, at: 7)
        finish.bind(end.key, at: 8)
        finish.bind(end.claimedAt.milliseconds, at: 9)
        try finish.run(db)
    }

    /// The event's row alone.
    mutating func markEnded(_ event: Int64, as end: End) throws {
        try mark(event, end.status, end.failure, tries: end.tries, at: end.at)
        guard mark.changes == 1 else { return }
        tally.move(tenant: end.tenant, source: end.source, from: .queued, to: end.status)
    }

    /// - Parameter now: written down where it ends.
    func mark(_ event: Int64, _ status: EventStatus, _ failure: PushFailure?, tries: Int64, at now: Timestamp) throws {
        mark.bind(event, at: 1)
        mark.bind(status.rawValue, at: 2)
        mark.bind(failure?.description, at: 3)
        mark.bind(status == .queued ? nil : now.milliseconds, at: 4)
        mark.bind(tries, at: 5)
        try mark.run(db)
    }
}
