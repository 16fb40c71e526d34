/// Rows in columns that stand one below the other. No colours, no lines.
struct Table: Equatable {
    private let heads: [String]
    private var rows: [[String]] = []

    /// - Parameter heads: empty for a list of names and values.
    init(_ heads: [String]) { self.heads = heads }

    mutating func add(_ cells: [String?]) { rows.append(cells.map { ($0 ?? "-").printable }) }

    /// - Parameter width: columns of the terminal; nil: nothing is cut.
    func lines(width: Int?) -> [String] {
        let all = heads.isEmpty ? rows : [heads] + rows
        let columns = all.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in all.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
        return all.map { cells in
            let padded = cells.enumerated().map { column, cell in
                column + 1 == cells.count ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
            }
            var line = padded.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return Self.cut(line, to: width)
        }
    }

    private static func cut(_ line: String, to width: Int?) -> String {
        guard let width, line.count > width else { return line }
        return line.prefix(max(0, width - 1)) + "…"
    }
}
