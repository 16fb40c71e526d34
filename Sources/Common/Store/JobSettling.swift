import Foundation
import GRDB

extension JobQueue {
    /// Writes down what became of pushes of one claim, in one transaction.
    /// - Parameter trace: the request that they come from; nil leaves no attempt.
    /// - Returns: how many events were no longer ours: their lease had ended and somebody else took them.
    @discardableResult
    public func settle(
        _ verdicts: [(push: ClaimedPush, verdict: Verdict)], lease: String, trace: RequestTrace? = nil, now: Timestamp
    ) throws(StoreError) -> Int {
        try store.write { db in
            var settling = try Settling(db, now: now)
            var lost = 0
            for (push, verdict) in verdicts {
                let holder = try String.fetchOne(db.cachedStatement(sql: LaneSQL.holder), arguments: [push.lane])
                guard holder == lease else {
                    lost += push.events.count
                    continue
                }
                if let trace { try Attempt.add(verdict, of: push, trace, now: now, db) }
                if !verdict.isFinal, let first = push.events.first, let last = push.events.last {
                    try db.cachedStatement(sql: LaneSQL.end).execute(arguments: [push.lane, first.sequence, last.sequence])
                }
                for event in push.events { try settling.settle(event, of: push, verdict) }
                try Lane.moveOn(push.lane, db)
            }
            try settling.tally.write(db)
            return lost
        }
    }
}

/// What happens to a lane as a whole.
enum Lane {
    /// Puts work that is to wait again where it stood. While a push of that lane is under way the lane stays that claim's.
    static func rejoin(_ sequence: Int64, due: Timestamp, _ db: Database) throws {
        guard let row = try Row.fetchOne(db.cachedStatement(sql: LaneSQL.reopen), arguments: [sequence, due.milliseconds]) else { return }
        let (lane, lease): (Int64, String?) = (row["id"], row["lease"])
        try db.cachedStatement(sql: LaneSQL.rejoin).execute(arguments: [lane, sequence])
        if lease == nil { try moveOn(lane, db) }
    }

    /// The lane is nobody's, and its first event's turn comes; where nothing stands in it any more it is closed.
    static func moveOn(_ lane: Int64, _ db: Database) throws {
        if let due = try Int64.fetchOne(db.cachedStatement(sql: LaneSQL.head), arguments: [lane]) {
            try db.cachedStatement(sql: LaneSQL.free).execute(arguments: [lane, due])
        } else {
            try db.cachedStatement(sql: LaneSQL.close).execute(arguments: [lane])
        }
    }
}

/// One transaction's verdicts.
private struct Settling {
    private let db: Database
    private let now: Timestamp
    private let finish, retryLater, mark, leave: RawStatement
    var tally = Tally()

    init(_ db: Database, now: Timestamp) throws {
        self.db = db
        self.now = now
        finish = try RawStatement(JobSQL.finish, in: db)
        retryLater = try RawStatement(JobSQL.retryLater, in: db)
        mark = try RawStatement(JobSQL.mark, in: db)
        leave = try RawStatement(LaneSQL.leave, in: db)
    }

    mutating func settle(_ event: ClaimedPush.Event, of push: ClaimedPush, _ verdict: Verdict) throws {
        switch verdict {
        case .done(let status): try end(event, of: push, as: "done", .processed, status: Int64(status), nil)
        case .dead(let failure): try end(event, of: push, as: "dead", .failed, status: failure.httpStatus.map(Int64.init), failure)
        case .kept(let mode, let payload):
            try end(event, of: push, as: "discarded", .received, status: nil, nil, tries: 0)
            let isFirst = event.sequence == push.events.first?.sequence
            try db.cachedStatement(sql: MirrorSQL.keep).execute(arguments: [
                event.sequence, mode.rawValue, now.milliseconds, push.key, isFirst ? payload.map { Data($0) } : nil,
            ])
        case .retry(let due, let countsTry, let failure):
            retryLater.bind(event.sequence, at: 1)
            retryLater.bind(due.milliseconds, at: 2)
            retryLater.bind(failure.httpStatus.map(Int64.init), at: 3)
            retryLater.bind(failure.cause, at: 4)
            retryLater.bind(failure.text, at: 5)
            retryLater.bind(Int64(countsTry ? 1 : 0), at: 6)
            retryLater.bind(push.key, at: 7)
            retryLater.bind(push.claimedAt.milliseconds, at: 8)
            try retryLater.run(db)
            try mark(event, .queued, failure, tries: countsTry ? 1 : 0)
        }
    }

    private mutating func end(
        _ event: ClaimedPush.Event, of push: ClaimedPush, as job: String, _ status: EventStatus, status code: Int64?,
        _ failure: PushFailure?, tries: Int64 = 1
    ) throws {
        finish.bind(event.sequence, at: 1)
        finish.bind(job, at: 2)
        finish.bind(now.milliseconds, at: 3)
        finish.bind(code, at: 4)
        finish.bind(failure?.cause, at: 5)
        finish.bind(failure?.text, at: 6)
        finish.bind(tries, at: 7)
        finish.bind(push.key, at: 8)
        finish.bind(push.claimedAt.milliseconds, at: 9)
        try finish.run(db)
        leave.bind(push.lane, at: 1)
        leave.bind(event.sequence, at: 2)
        try leave.run(db)
        try mark(event, status, failure, tries: tries)
        tally.move(tenant: push.tenant.description, source: event.source, from: .queued, to: status)
    }

    private func mark(_ event: ClaimedPush.Event, _ status: EventStatus, _ failure: PushFailure?, tries: Int64) throws {
        mark.bind(event.sequence, at: 1)
        mark.bind(status.rawValue, at: 2)
        mark.bind(failure?.description, at: 3)
        mark.bind(status == .queued ? nil : now.milliseconds, at: 4)
        mark.bind(tries, at: 5)
        try mark.run(db)
    }
}
