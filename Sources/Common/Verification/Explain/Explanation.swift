/// One thing that the explainer found, for the operator alone. Holds no secret and no signature.
public struct Finding: Sendable, Equatable {
    /// A word for programs.
    public let tag: String
    public let text: String
    /// What to do about it.
    public let mend: String
    /// With this one thing changed the request verifies. Others are hints.
    public let isCause: Bool

    init(_ tag: String, _ text: String, mend: String = "", isCause: Bool = false) {
        self.tag = tag
        self.text = text
        self.mend = mend
        self.isCause = isCause
    }
}

/// Why a request verifies or does not.
public struct Explanation: Sendable {
    /// The verifier's own, never the explainer's.
    public let verdict: Result<TenantName, VerificationFailure>
    /// The most telling first; empty where it verifies.
    public let findings: [Finding]
    /// What was changed in turn and did not help either.
    public let tried: [String]
    /// Signatures made.
    public let trials: Int
    /// The trials were so many or so long that some were left out.
    public let isCut: Bool

    public var isExplained: Bool { findings.contains(where: \.isCause) }

    /// What is left where nothing explains it.
    public static let remaining = [
        "the provider signs with a secret that is not in these settings: one of another endpoint, or one that was changed there",
        "our secret is mistyped; `gatepost secrets list` says which ones never verified",
        "something on the way (a proxy, a firewall, a plugin) changed the body in a way that was not tried",
        "somebody else sent it",
    ]
}

/// A secret of the settings, whether or not it counts at the moment.
public struct KnownSecret: Sendable {
    public enum Standing: Sendable, Equatable {
        case active
        /// Why it does not count, as in `it counted until 2026-01-31T00:00:00.000Z`.
        case inactive(String)
        /// The same of one that has not begun.
        case early(String)
    }

    public let source: SourceName
    public let tenant: TenantName
    public let secret: Secret
    public let standing: Standing
    /// The variable that holds it; empty where that is not known.
    public let place: String

    public init(source: SourceName, tenant: TenantName, secret: Secret, standing: Standing = .active, place: String = "") {
        self.source = source
        self.tenant = tenant
        self.secret = secret
        self.standing = standing
        self.place = place
    }

    /// As listings have it.
    var fingerprint: String { ProviderSecret(secret).fingerprint }

    /// Where an operator finds it, or would write it.
    var variable: String { place.isEmpty ? "PROVIDER_SECRETS_\(source.environmentSuffix)" : place }
}

extension Settings {
    /// Every secret of every source, for the explainer.
    public func knownSecrets(now: Timestamp) -> [KnownSecret] {
        sources.sorted { $0.key < $1.key }.flatMap { name, source in
            source.secrets.flatMap { tenant, secrets in
                secrets.filter { source.provider.isSigned(with: $0.secret) }.map {
                    KnownSecret(source: name, tenant: tenant, secret: $0.secret, standing: $0.window.standing(now), place: $0.place)
                }
            }
        }
    }
}

extension SecretWindow {
    fileprivate func standing(_ now: Timestamp) -> KnownSecret.Standing {
        if let notBefore, now < notBefore { return .early("it counts from \(notBefore)") }
        if let notAfter, now > notAfter { return .inactive("it counted until \(notAfter)") }
        return .active
    }
}

extension Provider {
    /// Seconds that a signed time may be off.
    var tolerance: Int64 { (schemes.compactMap(\.timestamp).first?.tolerance ?? Scheme.tolerance).components.seconds }
}
