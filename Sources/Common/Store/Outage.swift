import GRDB

enum OutageSQL {
    static let pulse = "SELECT at FROM pulse WHERE id = 1"

    /// ?1 began_at, ?2 ended_at.
    static let note = "INSERT INTO outage (began_at, ended_at) VALUES (?1, ?2) ON CONFLICT (began_at) DO NOTHING"

    /// ?1 how many stay.
    static let forget = "DELETE FROM outage WHERE began_at <= (SELECT began_at FROM outage ORDER BY began_at DESC LIMIT 1 OFFSET ?1)"

    static let last = "SELECT began_at, ended_at FROM outage ORDER BY began_at DESC LIMIT 1"

    static let all = [pulse, note, forget, last]
}

/// A time in which no event could be stored, as far as the gateway itself can know: what stands before it is not seen.
public struct Outage: Sendable, Equatable {
    public let began: Timestamp
    public let ended: Timestamp

    /// Between two pulses of an ingest that is well.
    public static let betweenPulses: Duration = .seconds(60)
    /// What is shorter a provider's next try makes good.
    static let shortest: Duration = .seconds(300)
    static let mostKept = 100
}

extension Store {
    /// When an event could be stored, as it was last written down.
    public func lastPulse() throws(StoreError) -> Timestamp? {
        try read { try Int64.fetchOne($0.cachedStatement(sql: OutageSQL.pulse)).map(Timestamp.init(milliseconds:)) }
    }

    /// An event could be stored now. Writes down since when that was not so, where it was not for long.
    /// - Parameter last: the caller's own last one, not the store's: whoever asks for our health writes that too, and would hide an outage
    ///   by being the first behind it.
    public func beat(now: Timestamp, since last: Timestamp?) throws(StoreError) {
        try write { db in
            try db.cachedStatement(sql: EventSQL.pulse).execute(arguments: [now.milliseconds])
            // A clock that went back makes none.
            guard let last, last + Outage.shortest < now else { return }
            try db.cachedStatement(sql: OutageSQL.note).execute(arguments: [last.milliseconds, now.milliseconds])
            try db.cachedStatement(sql: OutageSQL.forget).execute(arguments: [Outage.mostKept])
        }
    }

    public func lastOutage() throws(StoreError) -> Outage? {
        let row = try read { try Row.fetchOne($0.cachedStatement(sql: OutageSQL.last)) }
        guard let row, let began = row.moment("began_at"), let ended = row.moment("ended_at") else { return nil }
        return Outage(began: began, ended: ended)
    }
}
