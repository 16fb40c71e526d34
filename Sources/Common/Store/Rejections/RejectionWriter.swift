import Foundation
import GRDB

/// Writes rejected requests within a transaction, and removes as many as the bounds ask for.
struct RejectionWriter {
    let db: Database
    let limits: Settings.Rejected
    let now: Timestamp
    /// Those that one transaction removes beyond as many as it writes.
    private static let mostRemoved = 64

    /// All of them or, where the store refuses one, none; the events of the same transaction stand either way.
    /// - Returns: their ids; nil for those that are not kept.
    func put(_ rejections: [NewRejection], into batch: inout EventBatch) throws -> [String?] {
        guard !rejections.isEmpty else { return [] }
        var ids: [String?] = []
        batch.leavesNothing = true
        let tallyBefore = batch.tally
        do {
            try db.inSavepoint {
                ids = try rejections.map { try put($0, &batch) }
                try removeOld(&batch.tally)
                try makeRoom(most: Self.mostRemoved + rejections.count, &batch.tally)
                return .commit
            }
            return ids
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT || error.resultCode == .SQLITE_TOOBIG {
            batch.tally = tallyBefore
            return rejections.map { _ in nil }
        }
    }

    private func put(_ rejection: NewRejection, _ batch: inout EventBatch) throws -> String? {
        let minute = rejection.arrival.receivedAt.minute
        let kept = try Row.fetchOne(
            db.cachedStatement(sql: RejectionSQL.ofMinute), arguments: [rejection.source.description, minute])
        let (rows, bytes): (Int, Int) = (kept?["rows"] ?? 0, kept?["bytes"] ?? 0)
        guard rows < limits.perMinute, bytes + rejection.bytes <= limits.bytesPerMinute else { return nil }
        let id = batch.ids.next(now: now, entropy: batch.generator.next())
        let (arrival, tenant) = (rejection.arrival, rejection.tenant?.description ?? "")
        let columns = try batch.vault.columns(
            lane: nil, headers: rejection.headers, body: arrival.request.body, sequence: id.sequence,
            source: rejection.source.description, tenant: tenant)
        let head = try batch.vault.sealedHead(rejection, sequence: id.sequence)
        try db.cachedStatement(sql: RejectionSQL.insertEvent).execute(arguments: [
            id.sequence, id.description, rejection.source.description, tenant, Rejection.eventType, arrival.receivedAt.milliseconds,
            rejection.reason, arrival.sourceIP, arrival.header("user-agent"), arrival.createdBy, arrival.requestID,
            arrival.header("traceparent").flatMap { Traceparent($0) }?.description, String(decoding: columns.headers, as: UTF8.self),
            Data(columns.body),
        ])
        try db.cachedStatement(sql: RejectionSQL.insert).execute(arguments: [
            id.sequence, rejection.source.description, minute, rejection.bytes, arrival.sourceIP, rejection.tenant?.description,
            rejection.reason, rejection.explanation, arrival.request.method, head.url, Data(head.bytes), rejection.missed,
        ])
        batch.tally.add(1, tenant: tenant, source: rejection.source.description, status: .discarded)
        return id.description
    }

    private func removeOld(_ tally: inout Tally) throws {
        let oldest = max(0, now.milliseconds - Int64(limits.days) * 86_400_000) << 15
        let old = try Int64.fetchAll(db.cachedStatement(sql: RejectionSQL.old), arguments: [oldest, Self.mostRemoved])
        for sequence in old { try remove(sequence, &tally) }
    }

    private func makeRoom(most: Int, _ tally: inout Tally) throws {
        var (rows, bytes) = try excess()
        guard rows > 0 || bytes > 0 else { return }
        var left = most
        for settled in try Row.fetchAll(db.cachedStatement(sql: RejectionSQL.settled), arguments: [most]) where rows > 0 || bytes > 0 {
            try remove(settled["event_seq"], &tally)
            (rows, bytes, left) = (rows - 1, bytes - (settled["bytes"] as Int), left - 1)
        }
        guard rows > 0 || bytes > 0 else { return }
        let minutes = try Row.fetchAll(db.cachedStatement(sql: RejectionSQL.minutes)).map {
            EvictionPlan.Minute(source: $0["source"], number: $0["minute"], rows: $0["rows"], bytes: $0["bytes"])
        }
        for step in EvictionPlan(minutes, rows: rows, bytes: bytes, limit: left).steps {
            let given = try Int64.fetchAll(
                db.cachedStatement(sql: RejectionSQL.newestOfMinute), arguments: [step.source, step.minute, step.rows])
            for sequence in given { try remove(sequence, &tally) }
        }
    }

    private func excess() throws -> (rows: Int, bytes: Int) {
        let total = try Row.fetchOne(db.cachedStatement(sql: RejectionSQL.total))
        return ((total?["rows"] ?? 0) - limits.keep, (total?["bytes"] ?? 0) - limits.bytes)
    }

    private func remove(_ sequence: Int64, _ tally: inout Tally) throws {
        let row = try Row.fetchOne(db.cachedStatement(sql: RejectionSQL.remove), arguments: [sequence])
        if let row { tally.add(-1, tenant: row["tenant"], source: row["source"], status: .discarded) }
    }
}

extension EventWriter {
    /// As `commit`, and rejected requests beside them. Those are kept where that does no harm: with events in the same transaction, alone
    /// only where no other program holds the store.
    /// - Returns: what became of the events, and the ids of the rejected requests; nil for those that are not kept.
    public func commit(
        _ posts: [[NewEvent]], rejections: [NewRejection], limits: Settings.Rejected, now: Timestamp
    ) throws(StoreError) -> (posts: [[StoreOutcome]], rejections: [String?]) {
        try transaction(waiting: !posts.isEmpty, now: now) { db, batch in
            let outcomes = try posts.map { try $0.map { try batch.put($0) } }
            let ids = try RejectionWriter(db: db, limits: limits, now: now).put(rejections, into: &batch)
            try noteSecrets(of: posts, now: now, db)
            return (outcomes, ids)
        }
    }
}
