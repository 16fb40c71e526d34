/// What somebody who mistyped a name may have meant.
public enum Nearest {
    /// ` (did you mean stripe?)`, or nothing where none is within two letters.
    public static func hint(for name: String, among names: some Sequence<String>) -> String {
        let close = names.map { ($0, distance(name, $0)) }.filter { $0.1 <= 2 }
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
