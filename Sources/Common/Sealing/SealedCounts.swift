import GRDB

/// How many values each key seals.
public struct SealedCounts: Sendable, Equatable {
    /// By key's id; nil: plain. Then by what they are of.
    public internal(set) var values: [String?: [String: Int]] = [:]

    public func total(_ key: String?) -> Int { values[key]?.values.reduce(0, +) ?? 0 }
}

extension Store {
    /// Looks at every row, a thousand in a read: with millions it takes a while, and holds up nobody.
    public func sealedCounts() throws(StoreError) -> SealedCounts {
        var counts = SealedCounts()
        for part in RotationPart.all {
            var (last, isOver): (Int64, Bool) = (0, false)
            // Not until nothing comes any more: on a busy gateway that would be never.
            while !isOver {
                let from = last
                let rows = try read { try Row.fetchAll($0.cachedStatement(sql: part.look), arguments: [from, 1000]) }
                guard let end = rows.last else { break }
                (last, isOver) = (end["id"], rows.count < 1000)
                for row in rows where !(row.hasColumn("is_empty") && row["is_empty"] as Bool) {
                    counts.values[part.keyID(row), default: [:]][part.name, default: 0] += 1
                }
            }
        }
        return counts
    }
}
