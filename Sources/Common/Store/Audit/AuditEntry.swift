import GRDB

/// One thing that somebody did to the gateway. Never a secret, a payload or a person's data.
public struct AuditEntry: Sendable, Equatable {
    /// Through what it was done.
    public struct Origin: RawRepresentable, Sendable, Hashable {
        public static let cli = Origin(rawValue: "cli")
        public static let pages = Origin(rawValue: "pages")

        public let rawValue: String

        public init(rawValue: String) { self.rawValue = rawValue }
    }

    public let at: Timestamp
    /// A user's name on that machine, or on the pages.
    public let actor: String
    public let origin: Origin
    /// The command's words with dots between: `dlq.retry`.
    public let action: String
    /// What it was done to: ids, or the filter in words.
    public let object: String?
    /// How many of them.
    public let count: Int?
    public let detail: String?

    /// Texts are cut at what the table takes. An e-mail address in an operator's words, or in an id that he names, is left out: nothing
    /// takes it out of here again.
    public init(
        at: Timestamp, actor: String, origin: Origin, action: String, object: String? = nil, count: Int? = nil, detail: String? = nil
    ) {
        self.at = at
        self.actor = actor.isEmpty ? "unknown" : Self.cut(actor, to: 200)
        self.origin = origin
        self.action = Self.cut(action, to: 80)
        self.object = object.map { Self.cut($0.withoutAddresses, to: 1000) }
        self.count = count
        self.detail = detail.map { Self.cut($0.withoutAddresses, to: 2000) }
    }

    /// SQLite counts code points.
    private static func cut(_ text: String, to most: Int) -> String {
        guard text.unicodeScalars.count > most else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(most - 1))) + "…"
    }

    /// Within a transaction of the caller's: the entry and what it speaks of stand or fall together.
    public func write(_ db: Database) throws {
        try db.cachedStatement(sql: AuditSQL.add)
            .execute(arguments: [at.milliseconds, actor, origin.rawValue, action, object, count, detail])
    }
}

extension Store {
    /// On disk when it returns.
    public func record(_ entry: AuditEntry) throws(StoreError) { try write { try entry.write($0) } }
}
