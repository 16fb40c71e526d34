/// One secret of a tenant at a source, and when it counts.
public struct ProviderSecret: Sendable, Hashable {
    public let secret: Secret
    /// Where it was read, for people: a variable's name, with the entry's number where it holds several.
    public let place: String
    public let window: SecretWindow
    /// The first eight hex digits of its SHA-256: tells secrets apart in listings, and is of no use to anybody who has not got it.
    public let fingerprint: String

    public init(_ secret: Secret, place: String = "", window: SecretWindow = .always) {
        self.secret = secret
        self.place = place
        self.window = window
        fingerprint = String(decoding: Hex.encode(Crypto.sha256(secret.bytes).prefix(4)), as: UTF8.self)
    }
}

/// From when until when a secret verifies; what is not said is not bounded.
public struct SecretWindow: Sendable, Hashable {
    /// The first moment at which it counts.
    public let notBefore: Timestamp?
    /// The last moment at which it counts.
    public let notAfter: Timestamp?

    public static let always = SecretWindow()

    public init(notBefore: Timestamp? = nil, notAfter: Timestamp? = nil) {
        self.notBefore = notBefore
        self.notAfter = notAfter
    }

    public func contains(_ moment: Timestamp) -> Bool {
        if let notBefore, moment < notBefore { return false }
        if let notAfter, moment > notAfter { return false }
        return true
    }
}
