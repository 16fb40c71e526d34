import GRDB

/// A rejected request that verifies today, with its events.
public struct Readmission: Sendable {
    public let sequence: Int64
    public let events: [NewEvent]

    public init(sequence: Int64, events: [NewEvent]) {
        self.sequence = sequence
        self.events = events
    }
}

extension EventWriter {
    /// Stores their events as ingest would and marks the rejected rows, all in one transaction: who is killed half-way has done nothing,
    /// and who comes twice finds the mark. A row that had to make room meanwhile is admitted too: its bytes are in hand, for the last time.
    /// - Returns: by request what became of its events; nil where the row is settled already.
    public func readmit(_ readmissions: [Readmission], now: Timestamp) throws(StoreError) -> [[StoreOutcome]?] {
        try store.writeInTurn { db in
            var batch = try EventBatch(db, store.vault, now: now)
            let outcomes = try readmissions.map { readmission -> [StoreOutcome]? in
                guard try Self.takeInHand(readmission.sequence, now, db) else { return nil }
                let outcomes = try readmission.events.map { try batch.put($0) }
                try Self.name(outcomes, of: readmission.sequence, db)
                return outcomes
            }
            try batch.tallyAll(at: now)
            return outcomes
        }
    }

    private static func takeInHand(_ sequence: Int64, _ now: Timestamp, _ db: Database) throws -> Bool {
        try db.cachedStatement(sql: RejectionSQL.settle).execute(arguments: [sequence, now.milliseconds])
        if db.changesCount == 1 { return true }
        return try Bool.fetchOne(db.cachedStatement(sql: RejectionSQL.isGone), arguments: [sequence]) ?? false
    }

    private static func name(_ outcomes: [StoreOutcome], of sequence: Int64, _ db: Database) throws {
        let outcome: Rejection.Outcome = outcomes.contains(where: \.isNew) ? .admitted : .duplicate
        try db.cachedStatement(sql: RejectionSQL.name)
            .execute(arguments: [sequence, outcome.rawValue, outcomes.map(\.eventID).joined(separator: ",")])
    }
}

extension StoreOutcome {
    public var isNew: Bool { if case .stored = self { true } else { false } }
}
