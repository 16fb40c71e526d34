/// How a provider proves that a request is its own, as a value: data that one verifier reads and one signer writes.
/// An operator's own scheme is written in the same words.
public struct Scheme: Sendable {
    public enum Algorithm: Sendable, Equatable {
        /// RFC 2104.
        case hmac(HMACKey.Hash)
        /// A plain hash over text that contains the secret.
        case digest(HMACKey.Hash)
        /// As above with whichever of these makes a code of the signature's length (Cloudinary; an account chooses).
        case anyDigest([HMACKey.Hash])
        /// RFC 8032; the secret is the provider's public key.
        case ed25519
        /// ECDSA on P-256 with SHA-256, the signature in DER; the secret is the provider's public key.
        case ecdsaP256
        /// The signature's text is the secret itself. Signs nothing: who sees one request can send any other.
        case token
        /// RFC 7617; the secret is `user:password`. Signs nothing either.
        case basic
        /// A JSON Web Signature with HS256, HS384 or HS512 (RFC 7515) whose claims bind the request.
        case jwt([Claim])
        /// A certificate's RSA key, see `CertificateRule`.
        case certificate(CertificateRule)
        /// Nothing proves anything. Asked for by name, and then only from allowed addresses.
        case none
    }

    /// A claim that must be there and equal; digests as lower-case hex.
    public enum Claim: Sendable, Equatable {
        case bodySHA256(String)
        case urlSHA256(String)
        case text(String, String)
        /// There at all, whatever it says; `exp` and `nbf` are judged wherever they stand.
        case present(String)
    }

    public enum CertificateRule: Sendable, Equatable { case payPal, sns }

    /// Where signatures stand.
    public enum Place: Sendable, Equatable {
        /// A header field, the first of these names that is there.
        case header([String])
        /// `prefix1`, `prefix2`, … one signature each (DocuSign).
        case numberedHeader(String)
        /// A header field that may stand on several lines, each a signature (Mollie).
        case repeatedHeader(String)
        /// A text within the JSON body.
        case json(JSONPath)
        /// A field of a form.
        case form(String)
    }

    /// One ASCII character between signatures.
    public struct Separator: Sendable, Equatable, ExpressibleByUnicodeScalarLiteral, CustomStringConvertible {
        public let byte: UInt8
        public var description: String { String(Unicode.Scalar(byte)) }

        public init(byte: UInt8) { self.byte = byte }

        public init(unicodeScalarLiteral scalar: Unicode.Scalar) { byte = UInt8(ascii: scalar) }
    }

    /// What the place's text looks like.
    public enum Form: Sendable, Equatable {
        /// One signature behind a fixed prefix, which may be empty: `sha256=…`.
        case whole(prefix: String)
        /// Several between separators; those with the prefix count: `v1,… v1,…`.
        case list(separator: Separator, prefix: String)
        /// Several between separators, each with or without the prefix (Mollie).
        case listPrefixOptional(separator: Separator, prefix: String)
        /// `k=v` pairs between separators; each value of `signatureKey` is a signature, the first of `timestampKey` the time.
        case pairs(separator: Separator, signatureKey: String, timestampKey: String)
        /// `name|signature` between separators (Braintree).
        case listBehindBar(separator: Separator)
        /// The time first, then signatures, all between commas (Recurly).
        case timeThenSignatures
    }

    public enum Encoding: Sendable, Equatable {
        /// Lower case alone.
        case hex
        case hexAnyCase
        case base64
        /// RFC 4648, section 5, without padding.
        case base64url
    }

    /// One piece of what is signed.
    public indirect enum Part: Sendable, Equatable {
        case body
        /// The timestamp as the sender wrote it.
        case timestamp
        case method
        /// The public URL, see `urlRule`.
        case url
        case secret
        case literal(String)
        /// A header field's value; the first of these names that is there.
        case header([String])
        /// A text, number or truth value within the JSON body.
        case json(JSONPath)
        /// A form field's decoded value.
        case form(String)
        /// Every form field's name and value, decoded, sorted by name, nothing between.
        case sortedForm(repeats: FormRepeats)
        /// Present only where the body is a form.
        case ifForm(Part)
        /// CRC-32 of the body as a decimal number (PayPal).
        case bodyCRC32
        /// Contentful's own: path, signed headers.
        case contentfulPath
        case contentfulHeaders
        /// Plivo's: the URL with its query sorted.
        case plivoURL
        /// AWS SNS's own: names and values of the fields that its message type signs, each on a line of its own.
        case snsFields
    }

    public enum FormRepeats: Sendable, Equatable {
        /// The last value of a repeated name counts (Mandrill).
        case last
        /// Each value once, sorted (Twilio).
        case sortedSet
        /// Every value, sorted (Plivo).
        case sorted
    }

    public enum URLRule: Sendable, Equatable {
        case asCalled
        /// Of the percent-escapes exactly these (upper-case hex) are decoded before signing. HubSpot v3 has twelve.
        case decoding(Set<String>)
        /// The signature may have been made with the port written out, or without it (Twilio).
        case withAndWithoutPort
    }

    public enum TimeUnit: Sendable, Equatable {
        case seconds, milliseconds
        /// Whole seconds, or milliseconds where the number is too large for them.
        case secondsOrMilliseconds
        case rfc3339
        /// Documented nowhere: seconds, milliseconds, RFC 3339 or an HTTP date (RFC 9110, section 5.6.7), as it reads (Klaviyo).
        case asItReads
    }

    public struct TimestampRule: Sendable, Equatable {
        public enum Source: Sendable, Equatable {
            case header([String])
            /// Among the signature's pairs, or first in its list.
            case signature
            case json(JSONPath)
            case form(String)
        }

        public let source: Source
        public let unit: TimeUnit
        /// How far it may be off, in either direction.
        public var tolerance: Duration

        public init(_ source: Source, _ unit: TimeUnit, tolerance: Duration = Scheme.tolerance) {
            self.source = source
            self.unit = unit
            self.tolerance = tolerance
        }
    }

    /// How the text that an operator pastes becomes a key.
    public enum SecretForm: Sendable, Equatable {
        case text
        case hex
        case base64
        /// `whsec_` cut off, the rest decoded from base 64.
        case standardWebhooks
        /// As above where it begins with `whsec_`, else the text (OpenAI).
        case standardWebhooksOrText
        /// Both the text and what its base 64 says (Polar).
        case textAndStandardWebhooks
        /// HTML's five entities decoded (WooCommerce).
        case htmlDecoded
        /// The text's SHA-1 (Braintree); of `publicKey:privateKey` the private one's.
        case sha1
        /// The text, unless it begins with `verify:`: what follows answers Meta's question and signs nothing. It comes in an address, and
        /// people choose short ones.
        case textOrVerifyToken

        public static let verifyTokenPrefix = "verify:"
    }

    public var algorithm: Algorithm
    public var place: Place
    public var form: Form
    public var encoding: Encoding
    public var signed: [Part]
    public var timestamp: TimestampRule?
    public var secretForm: SecretForm
    public var urlRule: URLRule
    /// A header field that must hold this value, alone or between commas, for the scheme to be meant at all.
    public var onlyWhen: (header: String, value: String)?
    /// A header field of whose comma-separated values none may begin so, or another scheme is meant.
    public var onlyWithout: (header: String, prefix: String)?
    /// Where the body is a form, the field that holds the JSON in which paths are read (Dropbox Sign).
    public var jsonField: String?
    /// Each element of the array there is signed by itself; JSON paths start at the element, and every one must verify (Adyen).
    public var eachElementOf: JSONPath?
    /// What may have been signed instead (Braintree: the payload with a line feed behind it).
    public var orSigned: [Part]?
    /// A query parameter that must hold the body's SHA-256 as lower-case hex, unless the body is a form (Twilio).
    public var bodyDigestInQuery: String?

    public init(
        _ algorithm: Algorithm = .hmac(.sha256), in place: Place, as form: Form = .whole(prefix: ""), _ encoding: Encoding = .hex,
        over signed: [Part] = [.body], at timestamp: TimestampRule? = nil, secret: SecretForm = .text, url: URLRule = .asCalled,
        onlyWhen: (header: String, value: String)? = nil, onlyWithout: (header: String, prefix: String)? = nil,
        eachElementOf: JSONPath? = nil, bodyDigestInQuery: String? = nil, jsonField: String? = nil, or orSigned: [Part]? = nil
    ) {
        self.algorithm = algorithm
        self.place = place
        self.form = form
        self.encoding = encoding
        self.signed = signed
        self.timestamp = timestamp
        secretForm = secret
        urlRule = url
        self.onlyWhen = onlyWhen
        self.onlyWithout = onlyWithout
        self.jsonField = jsonField
        self.eachElementOf = eachElementOf
        self.bodyDigestInQuery = bodyDigestInQuery
        self.orSigned = orSigned
    }

    /// For providers that prove nothing; see `Algorithm.none`.
    public static let unsigned = Scheme(.none, in: .header(["(none)"]), over: [])

    /// Whether another body needs another signature.
    var bindsBody: Bool {
        switch algorithm {
        case .token, .basic, .none: false
        case .jwt(let claims): claims.contains { if case .bodySHA256 = $0 { true } else { false } }
        case .hmac, .digest, .anyDigest, .ed25519, .ecdsaP256, .certificate: true
        }
    }

    /// What holds unless a provider's own documents say more.
    public static let tolerance: Duration = .seconds(300)

    /// https://www.standardwebhooks.com and Svix: `id.timestamp.body`, several `v1,…` between blanks.
    public static func standardWebhooks(
        prefixes: [String] = ["webhook"], secret: SecretForm = .standardWebhooks, as form: Form = .list(separator: " ", prefix: "v1,")
    ) -> Scheme {
        Scheme(
            in: .header(prefixes.map { "\($0)-signature" }), as: form, .base64,
            over: [
                .header(prefixes.map { "\($0)-id" }), .literal("."), .timestamp, .literal("."), .body,
            ],
            at: .init(.header(prefixes.map { "\($0)-timestamp" }), .seconds), secret: secret)
    }
}
