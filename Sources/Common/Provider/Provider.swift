/// One entry of the catalogue: how a provider signs, and where an event's id, type, time and person stand in what it sends.
public struct Provider: Sendable {
    /// Where one piece of an id or of a type is read.
    public enum Piece: Sendable {
        /// A header field. Headers are not signed by the schemes we know; see `claimsNonce`.
        case header(String)
        case json(JSONPath)
    }

    public enum Moment: Sendable {
        case seconds(JSONPath)
        case milliseconds(JSONPath)
        /// The first of these that is RFC 3339.
        case rfc3339([JSONPath])
    }

    /// Name in URL and settings.
    public let source: SourceName
    /// Name for people.
    public let title: String
    public let scheme: Scheme
    /// Media types without parameters, in lower case.
    public let contentTypes: [String]
    /// The post is an array, and each element is an event of its own.
    public let isArray: Bool
    /// Joined with `.`; the first must be there, others where they are.
    public let eventID: [Piece]
    /// Joined with `.`, those that are there.
    public let eventType: [Piece]
    public let occurredAt: Moment?
    /// The first that matches an event's type counts; none: the event is kept.
    public let mappings: [Mapping]

    /// The event's id is not covered by the signature, so a replay could bring a fresh one: the signed body's digest is claimed too.
    public var claimsNonce: Bool {
        eventID.contains { if case .header = $0 { true } else { false } }
    }

    public func mapping(for type: String) -> Mapping? { mappings.first { $0.pattern.matches(type) } }
}

/// What an event type means for WordPress. Paths start at the event itself (of an array: the element).
public struct Mapping: Sendable {
    public let pattern: EventPattern
    public let route: Route
    public let subjectType: String?
    public var subjectID: [JSONPath] = []
    public var actorID: [JSONPath] = []
    public var actorEmail: [JSONPath] = []
    public var actorName: [JSONPath] = []
    public var reason: [JSONPath] = []
    public var data: Data = .whole

    public enum Data: Sendable {
        case whole
        case object(at: JSONPath)
        /// One changed property, as `{name: value}`, so that several of one person fold together.
        case property(name: JSONPath, value: JSONPath)
    }

    public init(
        _ pattern: EventPattern, to route: Route, subject subjectType: String? = nil, subjectID: [JSONPath] = [],
        actorID: [JSONPath] = [], actorEmail: [JSONPath] = [], actorName: [JSONPath] = [], reason: [JSONPath] = [],
        data: Data = .whole
    ) {
        self.pattern = pattern
        self.route = route
        self.subjectType = subjectType
        self.subjectID = subjectID
        self.actorID = actorID
        self.actorEmail = actorEmail
        self.actorName = actorName
        self.reason = reason
        self.data = data
    }
}
