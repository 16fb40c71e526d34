extension Provider {
    /// Whether it hands its secret over by itself: in a header field, or in the body.
    public var handsOverItsSecret: Bool {
        handshakes.contains {
            switch $0 {
            case .echoSecretHeader, .secretInBody: true
            default: false
            }
        }
    }
}

extension Settings {
    /// With learned secrets beside the operator's own. Who waits for one is a tenant already, without any.
    public func adding(_ learned: Learned) -> Settings {
        var settings = self
        for secret in learned.secrets {
            settings.add([ProviderSecret(secret.secret, place: "learned, number \(secret.id)")], secret.source, secret.tenant)
        }
        for window in learned.windows { settings.add([], window.source, window.tenant) }
        return settings
    }

    private mutating func add(_ secrets: [ProviderSecret], _ name: SourceName, _ tenant: TenantName) {
        guard let provider = providers[name], provider.handsOverItsSecret else { return }
        var source = sources[name] ?? idleSources[name] ?? Source(provider: provider, bodyLimit: ingest.bodyLimit)
        if let place = source.secrets.firstIndex(where: { $0.tenant == tenant }) {
            source.secrets[place].secrets += secrets
        } else {
            source.secrets.append((tenant, secrets))
            source.secrets.sort { $0.tenant < $1.tenant }
        }
        sources[name] = source
    }
}
