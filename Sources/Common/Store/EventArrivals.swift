import GRDB

enum ArrivalSQL {
    /// ?1 lowest seq, ?2 most rows. The newest of them, by minute.
    static let byMinute = """
        SELECT received_at / 60000 AS minute, count(*) AS events FROM
            (SELECT received_at FROM webhook_event WHERE seq >= ?1 AND signature_valid = 1 ORDER BY seq DESC LIMIT ?2)
        GROUP BY 1 ORDER BY 1
        """

    static let all = [byMinute]
}

/// How many events came in each minute.
public struct EventArrivals: Sendable, Equatable {
    /// Minutes since 1970.
    public let byMinute: [(minute: Int64, events: Int)]
    /// There were more than were looked at: the oldest are missing.
    public let isCut: Bool

    public init(byMinute: [(minute: Int64, events: Int)], isCut: Bool) { (self.byMinute, self.isCut) = (byMinute, isCut) }

    public static func == (left: Self, right: Self) -> Bool {
        left.isCut == right.isCut && left.byMinute.elementsEqual(right.byMinute) { $0 == $1 }
    }
}

extension EventQueries {
    public func arrivals(since: Timestamp, mostLookedAt: Int) throws(StoreError) -> EventArrivals {
        try store.read { db in
            let rows = try Row.fetchAll(
                db.cachedStatement(sql: ArrivalSQL.byMinute), arguments: [Self.firstSequence(at: since), mostLookedAt])
            let minutes = rows.map { (minute: $0["minute"] as Int64, events: $0["events"] as Int) }
            return EventArrivals(byMinute: minutes, isCut: minutes.reduce(0) { $0 + $1.events } >= mostLookedAt)
        }
    }
}
