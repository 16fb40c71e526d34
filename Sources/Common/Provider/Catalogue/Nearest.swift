extension Catalogue {
    /// What somebody who wrote `name` may have meant: ` (did you mean stripe?)`, or nothing.
    static func hint(for name: some StringProtocol) -> String {
        let close = providers.map { ($0.source.description, distance(name.lowercased(), $0.source.description)) }.filter { $0.1 <= 2 }
        return close.min { $0.1 < $1.1 }.map { " (did you mean \($0.0)?)" } ?? ""
    }

    /// Letters to add, drop or change to come from one to the other (Levenshtein).
    private static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right)
        var row = Array(0...right.count)
        for (place, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = place + 1
            for column in right.indices {
                let changed = diagonal + (letter == right[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(changed, diagonal + 1, row[column] + 1)
            }
        }
        return row[right.count]
    }
}
