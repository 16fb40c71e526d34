extension Settings {
    /// How a provider's own API is asked for what it sent to a tenant.
    public struct ProviderAPI: Sendable, Equatable {
        /// Scheme, host and path; nil: the provider's own.
        public var url: String?
        /// Read-only where the provider has such keys. Never the webhook's secret.
        public var key: Secret?
        /// The event types that its webhook is subscribed to; empty: those that are not only kept.
        public var types: [EventPattern] = []
        /// GitHub's: `repos/OWNER/REPO/hooks/ID`, `orgs/ORG/hooks/ID`.
        public var hooks: [String] = []
        /// Of Shopify's API.
        public var version: String?
        /// HubSpot's, with their objects: `contacts/email`.
        public var properties: [String] = []
        /// Whether `gatepost reconcile` asks it.
        public var reconcile = true

        public init() {}

        /// The variable that holds the key, for one tenant with `__` and its name behind.
        public static func variable(of source: SourceName) -> String { "BACKFILL_KEY_\(source.environmentSuffix)" }

        /// The sources whose providers can be asked.
        public static let sources = ["github", "hubspot", "shopify", "stripe", "woocommerce"].compactMap { SourceName($0) }
    }
}

extension Settings {
    /// Also a source that nobody can send to: who asks an API needs no webhook's secret.
    public func anySource(_ name: SourceName) -> Source? {
        sources[name] ?? idleSources[name] ?? providers[name].map { Source(provider: $0, bodyLimit: ingest.bodyLimit) }
    }
}

/// `tenants.NAME.backfill`, and the keys in the environment.
extension SettingsReader {
    private static let apiNames = ["url", "types", "hooks", "version", "properties", "reconcile"]

    mutating func readProviderAPIs(_ tenant: SettingsSection) -> [SourceName: Settings.ProviderAPI] {
        guard let list = tenant.section("backfill", in: &file) else { return [:] }
        var apis: [SourceName: Settings.ProviderAPI] = [:]
        for (text, key, value) in list.names {
            guard let source = SourceName(text), Settings.ProviderAPI.sources.contains(source) else {
                let known = Settings.ProviderAPI.sources.map(\.description).joined(separator: ", ")
                file.problem(at: key, "\(list.qualified(text)): expected one of \(known)")
                continue
            }
            guard let section = SettingsSection(value, path: list.qualified(text), in: &file) else { continue }
            apis[source] = readAPI(section)
        }
        return apis
    }

    private mutating func readAPI(_ section: SettingsSection) -> Settings.ProviderAPI {
        section.refuseOthers(than: Self.apiNames, in: &file)
        var api = Settings.ProviderAPI()
        api.url = section.optional("url", "https://host/path, without user, query or fragment", quotes: false, in: &file) {
            WebAddress($0)?.text
        }
        api.types = section.list("types", "an event type; * stands for any text", in: &file) { EventPattern($0) }
        api.hooks = section.list("hooks", "repos/OWNER/REPO/hooks/ID or orgs/ORG/hooks/ID", in: &file) { Self.isHook($0) ? $0 : nil }
        api.version = section.optional("version", "a version such as 2026-07", in: &file) { Self.isPlain($0, "-") ? $0 : nil }
        api.properties = section.list("properties", "an object and its property, as in contacts/email", in: &file) {
            $0.split(separator: "/", omittingEmptySubsequences: false).count == 2 && Self.isPlain($0, "/_") ? $0 : nil
        }
        api.reconcile = section.flag("reconcile", in: &file) ?? true
        return api
    }

    private static func isHook(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == (parts.first == "repos" ? 5 : 4), parts[parts.count - 2] == "hooks" else { return false }
        return ["repos", "orgs"].contains(parts[0]) && parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && isPlain($0, "-_.") }
    }

    private static func isPlain(_ text: some StringProtocol, _ others: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 200
            && text.utf8.allSatisfy { ASCII.isDigit($0) || (0x61...0x7A).contains(ASCII.lowercased($0)) || others.utf8.contains($0) }
    }

    mutating func readProviderKeys(of tenant: TenantName, _ environment: inout Environment) {
        for source in Settings.ProviderAPI.sources {
            let name = Settings.ProviderAPI.variable(of: source)
            let own = environment.value("\(name)__\(tenant.environmentSuffix)")
            guard let (value, place, line) = own ?? sharedKey(name, source, tenant, &environment) else { continue }
            // It goes into a header's line.
            guard value.utf8.count <= 500, value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                file.problems.append(.init(place: place, line: line, text: "\(name): holds what no key of an API has in it"))
                continue
            }
            settings.tenants[tenant]?.apis[source, default: .init()].key = Secret(value)
        }
    }

    /// A key without a tenant's name is the only tenant's who has that source: another one's account would be taken for his.
    private mutating func sharedKey(
        _ name: String, _ source: SourceName, _ tenant: TenantName, _ environment: inout Environment
    ) -> (value: String, place: String, line: Int?)? {
        guard let found = environment.value(name) else { return nil }
        let senders = settings.sources[source]?.secrets.map(\.tenant) ?? []
        let users = Set(senders + settings.tenants.filter { $0.value.apis[source] != nil }.keys).sorted()
        if users == [tenant] { return found }
        if users.count > 1, users.first == tenant {
            let text =
                "\(name): \(users.count) tenants have source \(source); say whose key it is, as in \(name)__\(tenant.environmentSuffix)"
            file.problems.append(.init(place: found.place, line: found.line, text: text))
        }
        return nil
    }
}
