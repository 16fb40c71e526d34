/// One entry of the catalogue: how a provider signs, and where an event's id, type, time and person stand in what it sends.
public struct Provider: Sendable {
    /// Where one piece of an id, a type or a text is read.
    public enum Piece: Sendable, Equatable, ExpressibleByStringLiteral {
        /// A header field, in lower case. Most schemes do not sign it; see `claimsNonce`.
        case header(String)
        case json(JSONPath)
        /// SHA-256 of the event's own bytes, for providers that give no id at all.
        case digest

        /// A JSON path where it begins with `$`, else a header's name.
        public init(stringLiteral text: String) {
            self = text.hasPrefix("$") ? .json(JSONPath(stringLiteral: text)) : .header(text)
        }
    }

    public enum Moment: Sendable {
        case seconds([Piece])
        case milliseconds([Piece])
        /// The first of these that is RFC 3339.
        case rfc3339([Piece])
    }

    /// How the body becomes JSON.
    public enum Payload: Sendable, Equatable {
        case json
        /// A form: its fields as one object of texts. Bracketed names stay as they are.
        case form
        /// A form field that holds JSON.
        case formField(String)
    }

    /// What our sureness rests on.
    public enum Confidence: String, Sendable {
        /// The vendor's own code was read or run.
        case sdk
        case docs
        /// Told by others: check with a real delivery before relying on it.
        case secondary
    }

    /// Name in URL and settings.
    public let source: SourceName
    /// Name for people.
    public let title: String
    /// The first whose signature is there counts.
    public let schemes: [Scheme]
    /// Media types without parameters, in lower case, and how each is read.
    public var contentTypes: [String: Payload] = ["application/json": .json]
    /// The array whose elements are events of their own; nil: the post is one event.
    public var events: JSONPath?
    /// Joined with `.`; the first must be there, others where they are.
    public var eventID: [Piece] = []
    /// Joined with `.`, those that are there.
    public var eventType: [Piece] = []
    public var occurredAt: Moment?
    /// The first that matches an event's type counts; none: the event is kept.
    public var mappings: [Mapping] = []
    public var handshakes: [Handshake] = []
    /// What the provider wants to hear when its events are stored; nil: our own answer.
    public var answer: Acknowledgement?
    public var confidence: Confidence = .sdk
    /// How an operator sets it up there, in a sentence or two.
    public var setup: String = ""
    /// What its signature does not cover, where that is more than headers; empty: the whole body is signed.
    public var unsigned: String = ""
    /// Where the facts come from.
    public var references: [String] = []

    public init(_ source: StaticString, _ title: String, _ schemes: Scheme..., configure: (inout Provider) -> Void) {
        self.source = SourceName(catalogue: source)
        self.title = title
        self.schemes = schemes
        configure(&self)
    }

    /// The event's id is not covered by the signature, so a replay could bring a fresh one: the signed body's digest is claimed too.
    public var claimsNonce: Bool {
        eventID.contains { piece in
            guard case .header(let name) = piece else { return false }
            return !schemes.contains { $0.signed.contains { if case .header(let names) = $0 { names.contains(name) } else { false } } }
        }
    }

    /// Header fields that hold a signature, or a token that is as good as the secret itself.
    public var signatureHeaders: [String] {
        schemes.flatMap(\.place.headers)
    }

    /// Header fields that are not stored: who reads the store must not be able to send.
    public var credentialHeaders: Set<String> {
        let tokens = schemes.filter { $0.algorithm == .token || $0.algorithm == .basic }.flatMap(\.place.headers)
        return Set(tokens).union(["authorization", "cookie", "proxy-authorization"])
    }

    public func mapping(for type: String) -> Mapping? { mappings.first { $0.pattern.matches(type) } }
}
