import Foundation
import GRDB

extension JobQueue {
    /// Events whose rows are written in the transaction that settles them. More than that are many persons' folded ones, and lie apart.
    static let mostMarkedAtOnce = 200

    /// Writes down what became of pushes of one claim, in one transaction. With many events at
    /// once their own rows say so when `markSettled` has been there; the work is done, and nobody gets it again.
    /// - Parameters:
    ///   - trace: the request that they come from; nil leaves no attempt.
    ///   - counts: what else is to be counted in this transaction.
    /// - Returns: how many events were no longer ours: their lease had ended and somebody else took them.
    @discardableResult
    public func settle(
        _ verdicts: [(push: ClaimedPush, verdict: Verdict)], lease: String, trace: RequestTrace? = nil, counts: Counters = Counters(),
        now: Timestamp
    ) throws(StoreError) -> Int {
        // What the power takes with it is pushed again as the claim on disk has it: under its key, and WordPress does it once.
        try store.writeSoon { db in
            try store.vault.sealWhereTheStoreIs(db)
            let events = verdicts.reduce(0) { $0 + $1.push.events.count }
            var settling = try Settling(db, store.vault, now: now, marksLater: events > Self.mostMarkedAtOnce)
            var lost = 0
            var counts = counts
            for (push, verdict) in verdicts {
                let holder = try String.fetchOne(db.cachedStatement(sql: LaneSQL.holder), arguments: [push.lane])
                guard holder == lease else {
                    lost += push.events.count
                    continue
                }
                if let trace { try Attempt.add(verdict, of: push, trace, now: now, store.vault, db) }
                try settling.settle(push, verdict)
                counts.settle(push, verdict, now: now)
                try Lane.moveOn(push.lane, db)
            }
            try settling.tally.write(db, at: now)
            try counts.write(db)
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
        try db.cachedStatement(sql: LaneSQL.acquit).execute(arguments: [lane, sequence])
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
    private let vault: Vault
    private let now: Timestamp
    /// Leaves the marks in the rows of events that are done for `markSettled`.
    private let marksLater: Bool
    private let retryLater, endTry, leave, leaveTogether: RawStatement
    private var ending: Ending
    var tally: Tally { ending.tally }

    init(_ db: Database, _ vault: Vault, now: Timestamp, marksLater: Bool) throws {
        self.db = db
        self.vault = vault
        self.now = now
        self.marksLater = marksLater
        retryLater = try RawStatement(JobSQL.retryLater, in: db)
        endTry = try RawStatement(LaneSQL.end, in: db)
        leave = try RawStatement(LaneSQL.leave, in: db)
        leaveTogether = try RawStatement(LaneSQL.leaveTogether, in: db)
        ending = try Ending(db)
    }

    mutating func settle(_ push: ClaimedPush, _ verdict: Verdict) throws {
        switch verdict {
        case .done(let status) where marksLater:
            try leaveLane(push)
            try db.cachedStatement(sql: SettledSQL.keep).execute(arguments: [
                push.tenant.description, push.events[0].source, push.key, status, push.claimedAt.milliseconds, now.milliseconds,
                push.sequences,
            ])
        case .done(let status): try end(push, key: push.key, as: "done", .processed, status: status, nil)
        case .dead(let failure): try end(push, key: push.key, as: "dead", .failed, status: failure.httpStatus, failure)
        case .kept(let mode, let payload):
            try end(push, key: push.wasSent ? push.key : nil, as: "discarded", .received, status: nil, nil, tries: 0)
            try keep(push, mode, payload)
        case .retry(let due, let countsTry, let failure): try tryAgain(push, at: due, tries: countsTry ? 1 : 0, failure)
        }
    }

    private func tryAgain(_ push: ClaimedPush, at due: Timestamp, tries: Int64, _ failure: PushFailure) throws {
        for event in push.events {
            retryLater.bind(event.sequence, at: 1)
            retryLater.bind(due.milliseconds, at: 2)
            retryLater.bind(failure.httpStatus.map(Int64.init), at: 3)
            retryLater.bind(failure.cause, at: 4)
            retryLater.bind(failure.text, at: 5)
            retryLater.bind(tries, at: 6)
            retryLater.bind(push.key, at: 7)
            retryLater.bind(push.claimedAt.milliseconds, at: 8)
            try retryLater.run(db)
            // What has ended otherwise must not come again for ever: no try of it would be counted.
            let isOpen = retryLater.changes == 1
            let move = isOpen ? endTry : leave
            move.bind(push.lane, at: 1)
            move.bind(event.sequence, at: 2)
            try move.run(db)
            if isOpen { try ending.mark(event.sequence, .queued, failure, tries: tries, at: now) }
        }
    }

    private func keep(_ push: ClaimedPush, _ mode: Cutover.Mode, _ payload: Bytes?) throws {
        let payload = try payload.map { try vault.seal($0, at: .mirror(push: push.key, tenant: push.tenant.description)) }
        for (place, event) in push.events.enumerated() {
            try db.cachedStatement(sql: MirrorSQL.keep).execute(arguments: [
                event.sequence, mode.rawValue, now.milliseconds, push.key, place == 0 ? payload.map { Data($0) } : nil,
            ])
        }
    }

    private mutating func end(
        _ push: ClaimedPush, key: String?, as job: String, _ status: EventStatus, status code: Int?, _ failure: PushFailure?,
        tries: Int64 = 1
    ) throws {
        try leaveLane(push)
        for event in push.events {
            let end = Ending.End(
                tenant: push.tenant.description, source: event.source, key: key, claimedAt: push.claimedAt, at: now, job: job,
                status: status, httpStatus: code, failure: failure, tries: tries)
            try ending.end(event.sequence, as: end)
        }
    }

    private func leaveLane(_ push: ClaimedPush) throws {
        guard let first = push.events.first, let last = push.events.last else { return }
        leaveTogether.bind(push.lane, at: 1)
        leaveTogether.bind(first.sequence, at: 2)
        leaveTogether.bind(last.sequence, at: 3)
        try leaveTogether.run(db)
        // A push of a try before is not begun: it has its key.
        guard leaveTogether.changes < push.events.count else { return }
        for event in push.events {
            leave.bind(push.lane, at: 1)
            leave.bind(event.sequence, at: 2)
            try leave.run(db)
        }
    }
}
