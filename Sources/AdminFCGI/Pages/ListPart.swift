import Common

/// Part of a list, newest first, and where it goes on to either side. By the rows' own numbers: what came within one millisecond is not
/// skipped, and the last page is as quick as the first.
struct ListPart<Row> {
    let rows: [Row]
    let older: String?
    let newer: String?

    /// - Parameters:
    ///   - query: with `before` or `after`, and what else the links have to keep.
    ///   - newest: most rows, and the number that they come before; nil: the newest of all.
    ///   - next: those behind a number, the lowest first.
    init(
        _ query: PageFields, at path: String, size: Int, number: (Row) -> Int64, newest: (Int64?, Int) throws -> [Row],
        next: (Int64, Int) throws -> [Row]
    ) rethrows {
        func link(_ name: String, _ number: Int64?) -> String? {
            let bare = query.with("before", nil).with("after", nil)
            return number.map { bare.with(name, String($0)).link(path) }
        }
        if let after = Self.number(query["after"]) {
            let found = try next(after, size + 1)
            if found.count > size {
                let some = Array(found.prefix(size).reversed())
                rows = some
                (older, newer) = (link("before", some.last.map(number)), link("after", some.first.map(number)))
                return
            }
        }
        // Where no more follow than one page holds, that is the newest page.
        let before = query["after"] == nil ? Self.number(query["before"]) : nil
        let found = try newest(before, size + 1)
        let some = Array(found.prefix(size))
        rows = some
        older = found.count > size ? link("before", some.last.map(number)) : nil
        newer = before.flatMap { link("after", some.first.map(number) ?? max(0, $0 - 1)) }
    }

    private static func number(_ text: String?) -> Int64? { text.flatMap { Int64(decimalDigits: Bytes($0.utf8)) } }
}
