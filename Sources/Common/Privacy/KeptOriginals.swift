import Foundation
import GRDB

enum OriginalSQL {
    /// ?1 event_seq, ?2 until, ?3 body.
    static let keep = "INSERT INTO original (event_seq, until, body) VALUES (?1, ?2, ?3)"

    /// ?1 event_seq.
    static let read = "SELECT o.body, e.tenant FROM original o JOIN webhook_event e ON e.seq = o.event_seq WHERE o.event_seq = ?1"

    /// ?1 now, ?2 most rows.
    static let removeOld = "DELETE FROM original WHERE event_seq IN (SELECT event_seq FROM original WHERE until < ?1 LIMIT ?2)"

    /// ?1 event_seq.
    static let forget = "DELETE FROM original WHERE event_seq = ?1"

    /// ?1 event_seq, ?2 body.
    static let write = "UPDATE original SET body = ?2 WHERE event_seq = ?1"

    static let all = [keep, read, removeOld, forget, write]
}

extension EventQueries {
    /// The whole payload of an event that was stored without part of it; nil where it is not kept, or not any more.
    public func original(of sequence: Int64) throws(StoreError) -> Bytes? {
        try store.read { db in
            guard let row = try Row.fetchOne(db.cachedStatement(sql: OriginalSQL.read), arguments: [sequence]) else { return nil }
            return try store.vault.open(Bytes(row["body"] as Data), at: .original(sequence, tenant: row["tenant"]))
        }
    }
}

extension Purge {
    /// Whole payloads whose time is over; a step of bounded size.
    /// - Returns: how many.
    public func removeOriginals(now: Timestamp) throws(StoreError) -> Int {
        try store.writeInTurn { db in
            try db.cachedStatement(sql: OriginalSQL.removeOld).execute(arguments: [now.milliseconds, 500])
            return db.changesCount
        }
    }
}
