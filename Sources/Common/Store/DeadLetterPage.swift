import GRDB

extension DeadLetters {
    /// Where a letter stands among the others: when it died and its row. Written `1764000000000-123`.
    public struct Place: Sendable, Equatable, CustomStringConvertible {
        public let diedAt: Timestamp
        public let sequence: Int64

        public init(_ letter: Letter) { (diedAt, sequence) = (letter.diedAt, letter.sequence) }

        public init?(_ text: some StringProtocol) {
            let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
            guard parts.count == 2, let died = Int64(decimalDigits: parts[0]), let row = Int64(decimalDigits: parts[1]) else { return nil }
            (diedAt, sequence) = (Timestamp(milliseconds: died), row)
        }

        public var description: String { "\(diedAt.milliseconds)-\(sequence)" }

        fileprivate var arguments: StatementArguments { [diedAt.milliseconds, sequence] }
    }

    /// Some letters in the order in which they died, and where the list goes on to either side; nil at its ends.
    public struct Page: Sendable, Equatable {
        public internal(set) var letters: [Letter] = []
        public internal(set) var before: Place?
        public internal(set) var after: Place?

        public init() {}

        fileprivate init(_ letters: [Letter], before: Place? = nil, after: Place? = nil) {
            (self.letters, self.before, self.after) = (letters, before, after)
        }
    }

    /// - Parameter after: those that died later than this one; nil: from the first on.
    public func page(_ filter: Filter, after place: Place? = nil, limit: Int) throws(StoreError) -> Page {
        let start: StatementArguments = place?.arguments ?? [-1, -1]
        let found = try letters(DeadLettersSQL.after, filter, start, limit: limit + 1)
        var page = Page(Array(found.prefix(limit)))
        page.after = found.count > limit ? page.letters.last.map(Place.init) : nil
        if place != nil { page.before = page.letters.first.map(Place.init) ?? place }
        return page
    }

    /// - Parameter before: those that died sooner than this one. The first page where there are no more than that fills.
    public func page(_ filter: Filter, before place: Place, limit: Int) throws(StoreError) -> Page {
        let found = try letters(DeadLettersSQL.before, filter, place.arguments, limit: limit + 1)
        guard found.count > limit else { return try page(filter, limit: limit) }
        let letters = Array(found.prefix(limit).reversed())
        return Page(letters, before: letters.first.map(Place.init), after: letters.last.map(Place.init))
    }

    private func letters(
        _ sql: String, _ filter: Filter, _ place: StatementArguments, limit: Int
    ) throws(StoreError) -> [Letter] {
        try store.read { db in
            try Row.fetchAll(db.cachedStatement(sql: sql), arguments: filter.arguments + [limit] + place).map(Letter.init(row:))
        }
    }
}
