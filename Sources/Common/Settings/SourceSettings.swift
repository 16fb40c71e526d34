/// What the settings file says of one source, before its secrets are known.
struct SourceSettings {
    /// The file's place of its name, for problems that show only once everything is read.
    let node: SettingsNode
    /// The catalogue's, or the operator's own.
    let provider: Provider
    var bodyLimit: Int?
    var routes: [RouteOverride] = []
    var allowed: [AddressRange] = []
    /// Those of a source whose provider proves nothing, and who so has no secret to name them.
    var tenants: [TenantName] = []
    var secrets: [NamedSecret] = []
    var privacy = SourcePrivacy()

    /// A secret under a name of its own, with the time in which it counts.
    struct NamedSecret {
        let node: SettingsNode
        let path: String
        let tenant: TenantName
        let variable: String
        let window: SecretWindow
    }

    private static let olderSettings = ["older-signatures"]

    /// - Parameter name: the source's, from `sources.NAME`.
    init?(_ name: SourceName, _ key: SettingsNode, _ section: SettingsSection, in file: inout SettingsFile) {
        node = key
        let own = section.node("scheme") != nil
        guard let known = own ? Provider(own: name, section, in: &file) : Catalogue.provider(for: name) else { return nil }
        var provider = known
        let others = own ? Provider.ownSettings : known.olderSchemes.isEmpty ? [] : Self.olderSettings
        section.refuseOthers(
            than: ["body-limit", "routes", "mappings", "allow", "tenants", "secrets", "tolerance", "longest-quiet", "privacy"] + others,
            in: &file)
        if section.flag("older-signatures", in: &file) == true { provider.schemes += provider.olderSchemes }
        provider.mappings = Mapping.list(in: section, in: &file) + provider.mappings
        Self.readTolerance(section, &provider, in: &file)
        self.provider = provider
        bodyLimit = section.bytes("body-limit", 1024...64 << 20, in: &file)
        routes = Self.routes(section, in: &file)
        allowed = section.list("allow", "an address or a block such as 203.0.113.0/24", in: &file) { AddressRange($0) }
        if allowed.isEmpty, let node = section.node("allow"), node.sequence?.isEmpty == true {
            file.problem(at: node, "\(section.qualified("allow")): names no address; leave it out to allow any")
        }
        tenants = section.list("tenants", "a tenant's name", in: &file) { TenantName($0) }
        secrets = Self.namedSecrets(section, in: &file)
        if let own = section.section("privacy", in: &file) { privacy = SourcePrivacy(name, own, in: &file) }
        refuseTenantsWhereSecretsNameThem(section, in: &file)
    }

    /// A source that the file does not name.
    init(_ provider: Provider, at node: SettingsNode) {
        self.provider = provider
        self.node = node
    }

    private func refuseTenantsWhereSecretsNameThem(_ section: SettingsSection, in file: inout SettingsFile) {
        if !provider.provesNothing, let node = section.node("tenants") {
            file.problem(
                at: node, "\(section.qualified("tenants")): only for a source that has no secrets; this one's tenants come with theirs")
        }
    }

    private static func readTolerance(_ section: SettingsSection, _ provider: inout Provider, in file: inout SettingsFile) {
        guard let tolerance = section.duration("tolerance", 1...86_400, in: &file), let node = section.node("tolerance") else { return }
        guard provider.schemes.contains(where: { $0.timestamp != nil }) else {
            return file.problem(at: node, "\(section.qualified("tolerance")): this source signs no time")
        }
        for index in provider.schemes.indices { provider.schemes[index].timestamp?.tolerance = tolerance }
    }

    private static func routes(_ section: SettingsSection, in file: inout SettingsFile) -> [RouteOverride] {
        guard let list = section.section("routes", in: &file) else { return [] }
        return list.names.compactMap { pattern, _, value in
            guard let route = value.scalar.flatMap({ Route(rawValue: $0.string) }) else {
                let known = Route.allCases.map(\.rawValue).joined(separator: ", ")
                file.problem(at: value, "\(list.qualified(pattern)): expected one of \(known)")
                return nil
            }
            return RouteOverride(pattern: EventPattern(pattern), route: route)
        }
    }

    private static func namedSecrets(_ section: SettingsSection, in file: inout SettingsFile) -> [NamedSecret] {
        section.sections("secrets", in: &file).compactMap { node, entry in
            entry.refuseOthers(than: ["tenant", "variable", "not-before", "not-after"], in: &file)
            let tenant = entry.required("tenant", "a tenant's name", in: &file) { TenantName($0) }
            let variable = entry.required(
                "variable", "the name of the variable that holds it: capitals, digits and _", quotes: false, in: &file
            ) {
                isVariable($0) ? $0 : nil
            }
            let from = entry.moment("not-before", in: &file)
            let until = entry.moment("not-after", endOfDay: true, in: &file)
            if let from, let until, until < from, let place = entry.node("not-after") {
                file.problem(at: place, "\(entry.qualified("not-after")): lies before not-before")
            }
            guard let tenant, let variable else { return nil }
            return NamedSecret(
                node: node, path: entry.path, tenant: tenant, variable: variable, window: .init(notBefore: from, notAfter: until))
        }
    }

    /// No lower case, so that nobody puts the secret itself there.
    private static func isVariable(_ text: String) -> Bool {
        let allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_".utf8
        return (1...100).contains(text.utf8.count) && text.utf8.allSatisfy(allowed.contains) && !ASCII.isDigit(text.utf8.first ?? 0x30)
            && !text.hasPrefix("PROVIDER_SECRETS_")
    }
}

extension Provider {
    /// Nothing in a request says whose it is.
    public var provesNothing: Bool { schemes.contains { $0.algorithm == .none } }
}
