import Common

/// A provider that can be asked for one tenant: how it lists, and how it is reached.
public struct Connection {
    let reader: any ProviderReader
    public let api: APIClient

    /// What one run asks for beyond the time.
    public struct Wish: Sendable, Equatable {
        /// Instead of those in the settings.
        public var types: [EventPattern] = []
        /// Stripe's alone.
        public var undelivered = false

        public init() {}
    }

    public init(
        _ source: SourceName, tenant: TenantName, _ settings: Settings.ProviderAPI?, _ wish: Wish = Wish(), clock: WallClock = .system
    ) throws(BackfillError) {
        let variable = Settings.ProviderAPI.variable(of: source)
        guard let settings, let key = settings.key?.exposed else {
            throw .notSetUp("\(variable) is not set for tenant \(tenant); put an API key that may only read into the secrets' file")
        }
        let types = wish.types.isEmpty ? settings.types : wish.types
        func client(_ usual: String?, _ headers: [(name: String, value: String)], _ interval: Duration) throws(BackfillError) -> APIClient {
            guard let base = settings.url ?? usual else {
                throw .notSetUp("tenants.\(tenant).backfill.\(source).url is missing: the shop's address")
            }
            return try APIClient(base: base, headers: headers, key: variable, interval: interval, clock: clock)
        }
        func bearer() -> [(name: String, value: String)] { [("Authorization", "Bearer \(key)")] }
        switch source.description {
        case "stripe":
            reader = StripeReader(types: types, undelivered: wish.undelivered)
            api = try client("https://api.stripe.com", bearer(), .milliseconds(50))
        case "github":
            guard !settings.hooks.isEmpty else {
                throw .notSetUp("tenants.\(tenant).backfill.github.hooks is missing: which webhooks, as in repos/OWNER/REPO/hooks/ID")
            }
            reader = GitHubReader(hooks: settings.hooks)
            let headers = bearer() + [("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", "2022-11-28")]
            api = try client("https://api.github.com", headers, .milliseconds(80))
        case "shopify":
            reader = ShopifyReader(version: settings.version, types: types)
            api = try client(nil, [("X-Shopify-Access-Token", key)], .milliseconds(500))
        case "woocommerce":
            guard key.contains(":") else { throw .notSetUp("\(variable): expected the consumer key, a colon and the consumer secret") }
            reader = WooCommerceReader(types: types)
            let basic = String(decoding: Base64.encode(Bytes(key.utf8)), as: UTF8.self)
            api = try client(nil, [("Authorization", "Basic \(basic)")], .milliseconds(100))
        case "hubspot":
            reader = HubSpotReader(properties: settings.properties)
            api = try client("https://api.hubapi.com", bearer(), .milliseconds(250))
        default:
            let known = Settings.ProviderAPI.sources.map(\.description).joined(separator: ", ")
            throw .notSetUp("\(source) has no API that we can ask; expected one of \(known), or a file")
        }
    }
}
