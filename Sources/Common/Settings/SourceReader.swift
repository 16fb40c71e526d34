import Foundation

/// From a source's settings and its secrets to what requests are judged by.
extension SettingsReader {
    static let prefix = "PROVIDER_SECRETS_"

    /// A source counts once somebody can send to it: it has a secret, or needs none and names its tenants.
    mutating func readSources(_ environment: inout Environment) {
        settings.providers = Providers(own: sourceSettings.mapValues(\.provider))
        var secrets = readListedSecrets(&environment)
        for (name, own) in sourceSettings {
            for named in own.secrets { read(named, of: name, into: &secrets, &environment) }
            for tenant in own.tenants where secrets[name]?[tenant] == nil { secrets[name, default: [:]][tenant] = [] }
        }
        for (name, byTenant) in secrets {
            if let provider = settings.providers[name] { add(provider, byTenant) }
        }
        for (name, own) in sourceSettings where settings.sources[name] == nil {
            settings.idleSources[name] = source(own.provider, own, secrets: [:])
        }
        refuseOpenSources()
        refusePrivacyWithoutKey()
    }

    private mutating func add(_ provider: Provider, _ byTenant: [TenantName: [ProviderSecret]]) {
        settings.sources[provider.source] = source(provider, sourceSettings[provider.source], secrets: byTenant)
        for tenant in byTenant.keys where settings.tenants[tenant] == nil { settings.tenants[tenant] = .init() }
    }

    private func source(
        _ provider: Provider, _ own: SourceSettings?, secrets: [TenantName: [ProviderSecret]]
    ) -> Settings.Source {
        Settings.Source(
            provider: provider, bodyLimit: own?.bodyLimit ?? settings.ingest.bodyLimit, routes: own?.routes ?? [],
            secrets: secrets.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, allowed: own?.allowed ?? [],
            privacy: own?.privacy ?? SourcePrivacy())
    }

    /// `PROVIDER_SECRETS_STRIPE=tenantA:secret,tenantB:secret`.
    private mutating func readListedSecrets(_ environment: inout Environment) -> [SourceName: [TenantName: [ProviderSecret]]] {
        let own = sourceSettings.values.map(\.provider).filter { Catalogue.provider(for: $0.source) == nil }
        let known = Catalogue.providers.map(\.source) + own.map(\.source)
        var secrets: [SourceName: [TenantName: [ProviderSecret]]] = [:]
        for name in environment.names(beginning: Self.prefix).sorted() {
            guard let (value, place, line) = environment.value(name) else { continue }
            guard let source = known.first(where: { Self.prefix + $0.environmentSuffix == name }) else {
                guard isFileRead, !namedSources.contains(where: { Self.prefix + $0.environmentSuffix == name }) else { continue }
                let hint = hint(forSource: name.dropFirst(Self.prefix.count).replacing("_", with: "-"))
                let text = "\(name): no such source\(hint); gatepost providers lists them"
                file.problems.append(.init(place: place, line: line, text: text))
                continue
            }
            for (index, entry) in value.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
                let parts = entry.split(separator: ":", maxSplits: 1)
                guard parts.count == 2, let tenant = TenantName(parts[0].trimmingCharacters(in: .whitespaces)), !parts[1].isEmpty else {
                    let text = "\(name): entry \(index + 1) is not tenant:secret; a comma inside a secret is written %2C"
                    file.problems.append(.init(place: place, line: line, text: text))
                    continue
                }
                if let fault = settings.providers[source]?.fault(of: Secret(String(parts[1]).replacingCommaEscapes)) {
                    file.problems.append(.init(place: place, line: line, text: "\(name): entry \(index + 1): \(fault)"))
                }
                let secret = ProviderSecret(Secret(String(parts[1]).replacingCommaEscapes), place: "\(name), entry \(index + 1)")
                secrets[source, default: [:]][tenant, default: []].append(secret)
            }
        }
        return secrets
    }

    /// `sources.NAME.secrets`: one under a variable of its own.
    private mutating func read(
        _ named: SourceSettings.NamedSecret, of source: SourceName, into secrets: inout [SourceName: [TenantName: [ProviderSecret]]],
        _ environment: inout Environment
    ) {
        guard let value = environment.value(named.variable)?.value else {
            return file.problem(
                at: named.node, "\(named.path): \(named.variable) is not set; put it into the secrets' file, or \(named.variable)_FILE")
        }
        if let fault = settings.providers[source]?.fault(of: Secret(value)) {
            file.problem(at: named.node, "\(named.path): \(named.variable): \(fault)")
        }
        let secret = ProviderSecret(Secret(value), place: named.variable, window: named.window)
        secrets[source, default: [:]][named.tenant, default: []].append(secret)
    }

    /// Where nothing proves who sends, the address has to, and the settings say whose it is.
    private mutating func refuseOpenSources() {
        for (name, source) in settings.sources.merging(settings.idleSources, uniquingKeysWith: { own, _ in own })
        where source.provider.provesNothing {
            let (title, line) = (source.provider.title, sourceSettings[name]?.node.mark?.line)
            if source.allowed.isEmpty {
                let text = "sources.\(name).allow: is missing; \(title) signs nothing, so name the addresses that it sends from"
                file.problems.append(.init(place: file.path, line: line, text: text))
            }
            if settings.sources[name] == nil {
                let text = "sources.\(name).tenants: is missing; \(title) has no secret, so say whose events it brings"
                file.problems.append(.init(place: file.path, line: line, text: text))
            }
        }
    }
}

extension Provider {
    /// Why this cannot be its secret; never the secret itself.
    fileprivate func fault(of secret: Secret) -> String? {
        for scheme in schemes {
            do throws(SecretError) { _ = try scheme.reliableKeys(from: secret.bytes) } catch {
                return "\(error); see `gatepost providers \(source)`"
            }
        }
        return nil
    }
}

extension String {
    fileprivate var replacingCommaEscapes: String {
        replacingOccurrences(of: "%2C", with: ",").replacingOccurrences(of: "%2c", with: ",")
    }
}
