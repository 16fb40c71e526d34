import GRDB

extension JobQueue {
    /// Pushes that are marked together, and their events but for the last one's. Their numbers are held in memory.
    private static let mostPushes = 10_000
    private static let mostEvents = 200_000
    /// Events marked in one transaction: others wait for the lock some milliseconds.
    private static let mostMarks = 2000

    /// Brings the rows of events up to what was settled of their pushes: status, times, tries. Begun anew after a crash, it finds
    /// what is marked already as it should be.
    /// - Parameter between: called behind each transaction.
    public func markSettled(between: () -> Void = {}) throws(StoreError) {
        while case let settled = try settledPushes(), !settled.pushes.isEmpty { try mark(settled, between: between) }
    }

    func mark(_ settled: SettledPushes, between: () -> Void = {}) throws(StoreError) {
        let (pushes, marks) = (settled.pushes, settled.marks)
        guard let last = pushes.last?.id else { return }
        for start in stride(from: 0, to: marks.count, by: Self.mostMarks) {
            let some = marks[start..<min(start + Self.mostMarks, marks.count)]
            try store.writeInTurn(soon: true) { db in
                // Another worker may have marked and forgotten them meanwhile, and somebody had one replayed since.
                let oldest = try Int64.fetchOne(db.cachedStatement(sql: SettledSQL.oldest)) ?? .max
                var ending = try Ending(db)
                // All rows of one table, then all of the other: to go to and fro between them costs a tenth of a drain.
                for mark in some where pushes[mark.push].id >= oldest { try ending.finish(mark.event, as: pushes[mark.push].end) }
                for mark in some where pushes[mark.push].id >= oldest { try ending.markEnded(mark.event, as: pushes[mark.push].end) }
                // By the time of settling, not of marking: within a transaction's marks that is much the same.
                try ending.tally.write(db, at: some.map { pushes[$0.push].end.at }.max() ?? Timestamp(milliseconds: 0))
            }
            between()
        }
        try store.writeSoon { try $0.cachedStatement(sql: SettledSQL.forget).execute(arguments: [last]) }
    }

    func settledPushes() throws(StoreError) -> SettledPushes {
        try store.read { db in
            let rows = try Row.fetchCursor(db.cachedStatement(sql: SettledSQL.some), arguments: [Self.mostPushes])
            var settled = SettledPushes()
            while settled.marks.count < Self.mostEvents, let row = try rows.next() {
                // An array that has to grow holds three times as much meanwhile.
                if settled.pushes.isEmpty { settled.marks.reserveCapacity(Self.mostEvents + Coalescing.mostEvents) }
                settled.add(row)
            }
            settled.marks.sort { $0.event < $1.event }
            return settled
        }
    }
}

struct SettledPushes {
    fileprivate(set) var pushes: [SettledPush] = []
    /// Their events in order of arrival, so that rows that lie side by side are written together.
    fileprivate(set) var marks: [(event: Int64, push: Int)] = []

    fileprivate mutating func add(_ row: Row) {
        let numbers = Array((row["events"] as String).utf8)
        var start = 0
        while start < numbers.count {
            let end = numbers[start...].firstIndex(of: UInt8(ascii: ",")) ?? numbers.count
            if let event = Int64(decimalDigits: numbers[start..<end]) { marks.append((event, pushes.count)) }
            start = end + 1
        }
        pushes.append(SettledPush(row: row))
    }
}

struct SettledPush {
    let id: Int64
    let end: Ending.End

    init(row: Row) {
        id = row["id"]
        end = Ending.End(
            tenant: row["tenant"], source: row["source"], key: row["push_key"], claimedAt: Timestamp(milliseconds: row["claimed_at"]),
            at: Timestamp(milliseconds: row["settled_at"]), job: "done", status: .processed, httpStatus: row["http_status"], failure: nil,
            tries: 1)
    }
}

extension ClaimedPush {
    /// Its events' numbers as `settled_push` has them.
    var sequences: String { events.map { String($0.sequence) }.joined(separator: ",") }
}
