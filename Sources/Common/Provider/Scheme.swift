/// How a provider signs a request, as a value: data that one verifier reads and one signer writes.
public struct Scheme: Sendable {
    /// Where signatures stand, and in what form.
    public enum SignatureField: Sendable {
        /// The field's value is one signature behind a fixed prefix, which may be empty: `X-Hub-Signature-256: sha256=…`.
        case whole(header: String, prefix: String)
        /// `k=v` pairs between commas; each value of `signatureKey` is a signature, the first of `timestampKey` the time: `Stripe-Signature: t=…,v1=…`.
        case pairs(header: String, signatureKey: String, timestampKey: String)

        public var header: String {
            switch self {
            case .whole(let header, _), .pairs(let header, _, _): header
            }
        }
    }

    public enum Encoding: Sendable { case hex, base64 }

    /// One piece of what is signed.
    public enum Part: Sendable, Equatable {
        case body
        /// The timestamp as the sender wrote it.
        case timestamp
        case method
        /// The public URL, as the provider called it, with the percent-escapes that `Scheme.decodedEscapes` names resolved.
        case url
        case literal(String)
    }

    public enum TimeUnit: Sendable { case seconds, milliseconds }

    public struct TimestampRule: Sendable {
        /// Nil: it stands among the signature field's pairs.
        public let header: String?
        public let unit: TimeUnit
    }

    public let signature: SignatureField
    public let hash: HMACKey.Hash
    public let encoding: Encoding
    public let signed: [Part]
    public let timestamp: TimestampRule?
    /// Percent-escapes of the URL that are decoded before it is signed, as upper-case hex (`3A`). HubSpot v3 decodes exactly twelve.
    public let decodedEscapes: Set<String>

    public init(
        signature: SignatureField, hash: HMACKey.Hash = .sha256, encoding: Encoding, signed: [Part],
        timestamp: TimestampRule? = nil, decodedEscapes: Set<String> = []
    ) {
        self.signature = signature
        self.hash = hash
        self.encoding = encoding
        self.signed = signed
        self.timestamp = timestamp
        self.decodedEscapes = decodedEscapes
    }

    /// How far a signed timestamp may be off, in either direction.
    public static let tolerance: Duration = .seconds(300)
}

/// A request as the signature sees it.
public struct SignedRequest: Sendable {
    public let method: String
    /// Public URL: scheme, host (with a port where the provider used one), path and query.
    public let url: String
    public let headers: HeaderFields
    /// Exactly as sent.
    public let body: Bytes

    public init(method: String, url: String, headers: HeaderFields, body: Bytes) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}
