/// The one form in which every provider's event reaches WordPress.
public struct CanonicalEvent: Sendable, Equatable {
    public struct Actor: Sendable, Equatable {
        public var id: String?
        public var email: String?
        public var name: String?
    }

    public struct Subject: Sendable, Equatable {
        public var id: String?
        public var type: String?
    }

    public struct Action: Sendable, Equatable {
        public var type: String?
        public var reason: String?
    }

    public let tenant: TenantName
    public let source: SourceName
    public let eventType: String
    public var actor: Actor
    public let subject: Subject
    public let action: Action
    /// A JSON object's text.
    public var data: Bytes
    public let occurredAt: Timestamp
    /// Of members that are older than that. Only several folded into one have any.
    public var times: [FieldTime] = []

    /// What order is kept for and what coalescing goes by, as one text: the person (the provider's id, else the e-mail); where nobody is
    /// named, the order, deal or whatever the event is about; nil where not even that is known.
    public static func lane(source: SourceName, actor: Actor, subject: Subject) -> String? {
        if let id = actor.id { return "\(source):\(id.boundedKey)" }
        if let email = actor.email { return "email:\(email.lowercased().boundedKey)" }
        return subject.id.map { "\(source):\(subject.type ?? "subject")/\($0.boundedKey)" }
    }
}

extension String {
    var hasNUL: Bool { has(0) }

    /// The text itself up to 200 bytes, else a digest of it, so that a sender does not choose the size of our keys. A digest also where
    /// it has a NUL in it: SQLite stores that and reads it back only so far.
    var boundedKey: String {
        guard utf8.count > 200 || hasNUL else { return self }
        return "sha256-" + String(decoding: Hex.encode(Crypto.sha256(Array(utf8))), as: UTF8.self)
    }
}
