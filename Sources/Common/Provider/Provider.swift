/// One entry of the catalogue: how a provider signs, and where an event's id, type, time and person stand in what it sends.
public struct Provider: Sendable {
    /// Where one piece of an id, a type or a text is read.
    public indirect enum Piece: Sendable, Equatable, ExpressibleByStringLiteral {
        /// A header field, in lower case. Most schemes do not sign it; see `claimsNonce`.
        case header(String)
        case json(JSONPath)
        /// SHA-256 of the event's own bytes, for providers that give no id at all.
        case digest
        /// The name of the first member that is not this one: a Telegram update's kind stands beside its id.
        case nameBeside(String)
        /// A claim of the web token in a header field, which the scheme has verified (MessageBird's `jti`).
        case claim(header: String, String)
        /// When it came, in milliseconds: where honest events repeat each other byte for byte, so that a digest would swallow them
        /// (Dropbox).
        case arrival
        /// The first of these that is there and not empty.
        case firstOf([Piece])
        /// One value of a header's `k=v` pairs, `headerPair("x-ghost-signature", "t")`: the time within the signature.
        case headerPair(String, String)

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
        /// As above, with or without an offset; none means UTC.
        case utc([Piece])
    }

    /// How the body becomes JSON.
    public enum Payload: Sendable, Equatable {
        case json
        /// A form: its fields as one object of texts. Bracketed names stay as they are.
        case form
        /// A form field that holds JSON.
        case formField(String)
        /// The same where the form has that field, else as `form` (Slack's interactions and commands).
        case formFieldOrForm(String)
        /// A form field that holds XML in base 64 (Braintree): an object of its elements. The field's own text stands nowhere else in it.
        case base64XML(field: String)
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
    public var schemes: [Scheme]
    /// What the provider signed with before; counted where the operator's settings allow it.
    public var olderSchemes: [Scheme] = []
    /// Media types without parameters, in lower case, and how each is read.
    public var contentTypes: [String: Payload] = ["application/json": .json]
    /// The array whose elements are events of their own; nil: the post is one event.
    public var events: JSONPath?
    /// Arrays within arrays whose innermost elements are the events (Meta, QuickBooks), outermost first; the first is `events`. Each event
    /// is the post with these arrays cut down to one element, so that it keeps what stands round it: paths read `$.entry[0].changes[0]`.
    public var unfold: [JSONPath] = []
    /// Where the post is no such array it is one event by itself (Twilio's forms).
    public var orOneEvent = false
    /// Where `events` is not there: the array of another shape that the provider sends too.
    public var otherEvents: JSONPath?
    /// Joined with `.`; the first must be there, others where they are.
    public var eventID: [Piece] = []
    /// Joined with `.`, those that are there.
    public var eventType: [Piece] = []
    public var occurredAt: Moment?
    /// The first that matches an event's type counts; none: the event is kept.
    public var mappings: [Mapping] = []
    /// Header fields that tell apart honest posts with the same body; the nonce holds them, see `nonceText`.
    public var nonceHeaders: [String] = []
    /// The signature covers little of the request (Mailgun: time and token): what it covers is claimed, so that nobody puts another event
    /// behind it.
    public var claimsSignedText = false
    /// For a provider whose API lists objects, not deliveries; see `ObjectState`.
    var state: StatePlaces?
    public var handshakes: [Handshake] = []
    /// What the provider wants to hear when its events are stored; nil: our own answer.
    public var answer: Acknowledgement?
    /// Its 401 has no body either (Xero, which looks at the answers to its wrongly signed posts).
    public var refusesBare = false
    /// How long the provider waits for an answer, where that is known.
    public var patience: Duration?
    /// What it does where it gets none, or another than 2xx; empty: not known.
    public var retries: String = ""
    /// A key that everybody may read in the provider's documents, with which it signs while an address is being set up. Refused; it explains.
    public var testSecret: String?
    /// What an event of the provider's test mode has in it: there its endpoints have secrets of their own.
    public var testMode: (path: JSONPath, equals: String)?
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

    /// An operator's own.
    init(own source: SourceName, title: String, _ scheme: Scheme) {
        self.source = source
        self.title = title
        schemes = [scheme]
    }

    /// The event's id is not covered by the signature, so a replay could bring a fresh one: the signed body's digest is claimed too.
    public var claimsNonce: Bool {
        // Where nothing signs the body a nonce would stop nobody, and swallow honest repeats.
        guard schemes.contains(where: \.bindsBody) else { return false }
        return claimsSignedText || eventID.flatMap(\.headers).contains { name in !schemes.contains { $0.signs(header: name) } }
    }

    /// What a request is remembered by where its id is not signed: whatever an honest sender's next post differs in.
    public func nonceText(of request: SignedRequest) -> Bytes {
        if claimsSignedText, let text = schemes.lazy.compactMap({ $0.signedText(of: request) }).first { return text }
        let named = nonceHeaders.flatMap { name in request.headers.single(name).map { Bytes("\(name):".utf8) + $0 + [0x0A] } ?? [] }
        return named + (schemes.lazy.compactMap { $0.signedTime(of: request) }.first ?? []) + [0x0A] + request.body
    }

    /// Header fields that hold a signature, or a token that is as good as the secret itself.
    public var signatureHeaders: [String] {
        schemes.flatMap(\.place.headers)
    }

    /// Header fields that are not stored: who reads the store must not be able to send.
    public var credentialHeaders: [String] {
        let tokens = schemes.filter { $0.algorithm == .token || $0.algorithm == .basic }.flatMap(\.place.headers)
        return Set(tokens).union(["authorization", "cookie", "proxy-authorization"]).sorted()
    }

    public func mapping(for type: String) -> Mapping? { place(ofMappingFor: type).map { mappings[$0] } }

    func place(ofMappingFor type: String) -> Int? {
        let type = Bytes(type.utf8)
        return mappings.indices.first { mappings[$0].pattern.matches(type) }
    }
}

extension Provider.Piece {
    /// Header fields that it is read from, as the sender wrote them.
    fileprivate var headers: [String] {
        switch self {
        case .header(let name): [name]
        case .firstOf(let pieces): pieces.flatMap(\.headers)
        // A pair of the signature's own header: what is read there is signed, or nothing verifies.
        case .headerPair, .json, .digest, .nameBeside, .claim, .arrival: []
        }
    }
}

extension Scheme {
    /// The time that a verified request's signature covers, as the sender wrote it.
    fileprivate func signedTime(of request: SignedRequest) -> Bytes? {
        let message = Message(scheme: self, request: request, root: nil)
        return (try? message.presented()).flatMap { try? message.timestampText($0) } ?? nil
    }

    fileprivate func signs(header name: String) -> Bool {
        signed.contains { part in
            switch part {
            case .header(let names): return names.contains(name)
            case .timestamp: if case .header(let names)? = timestamp?.source { return names.contains(name) } else { return false }
            default: return false
            }
        }
    }
}
