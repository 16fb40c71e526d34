/// What the settings know of a provider's secret, with what ingest wrote down of it.
public struct SecretReport: Sendable {
    public enum State: String, Sendable {
        case active
        /// Its first day is to come.
        case early
        /// Its last day is over.
        case ended
    }

    public let source: SourceName
    public let tenant: TenantName
    public let secret: ProviderSecret
    public let use: SecretUse?
    public let now: Timestamp

    public var state: State {
        if secret.window.contains(now) { return .active }
        return secret.window.notBefore.map { now < $0 } == true ? .early : .ended
    }

    /// Since when it may have been in use; nil: ingest has not read it yet.
    public var since: Timestamp? {
        guard let known = use?.knownSince else { return nil }
        return max(known, secret.window.notBefore ?? known)
    }

    public var ageInDays: Int? { since.map { Int(max(0, now.milliseconds - $0.milliseconds) / 86_400_000) } }

    public static func all(_ settings: Settings, _ uses: [SecretUse.Key: SecretUse], now: Timestamp) -> [SecretReport] {
        settings.sources.sorted { $0.key < $1.key }.flatMap { name, source in
            source.secrets.flatMap { tenant, secrets in
                secrets.filter { source.provider.isSigned(with: $0.secret) }.map { secret in
                    let key = SecretUse.Key(source: name.description, tenant: tenant.description, fingerprint: secret.fingerprint)
                    return SecretReport(source: name, tenant: tenant, secret: secret, use: uses[key], now: now)
                }
            }
        }
    }
}
