/// Something to be fetched from a provider, as the worker takes it.
public struct Errand: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable { case certificate, confirmation }

    public enum Status: String, Sendable, CaseIterable { case waiting, done, failed }

    public let id: Int64
    public let kind: Kind
    public let url: String
    public let source: SourceName
    public let status: Status
    public let wantedAt: Timestamp
    /// Tries since it was last fetched, this one counted.
    public let attempts: Int

    public init(
        id: Int64, kind: Kind, url: String, source: SourceName, status: Status, wantedAt: Timestamp, attempts: Int
    ) {
        self.id = id
        self.kind = kind
        self.url = url
        self.source = source
        self.status = status
        self.wantedAt = wantedAt
        self.attempts = attempts
    }

    /// Whether the URL is one of the provider's own: asked before it is written down, and again before anybody goes there.
    public var isAllowed: Bool {
        guard let rule = Catalogue.provider(for: source)?.certificateRule else { return false }
        switch kind {
        case .certificate: return rule.owns(certificateAt: url)
        case .confirmation: return rule.owns(confirmationAt: url)
        }
    }
}

/// What became of an errand.
public enum ErrandVerdict: Sendable, Equatable {
    /// - due: when a certificate is fetched anew.
    case certificate(pem: String, expires: Timestamp, due: Timestamp, status: Int)
    case confirmed(status: Int)
    /// A copy that is at hand stays meanwhile.
    case retry(at: Timestamp, status: Int?, error: String)
    /// Nobody goes again; forgotten at that time.
    case failed(forgottenAt: Timestamp, status: Int?, error: String)
}
