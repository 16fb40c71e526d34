/// What counts for one source or one tenant.
extension SettingsReport {
    /// Those that somebody can send to, and those that the file names.
    public var sources: [SourceName] { Array(Set(settings.sources.keys).union(settings.idleSources.keys)).sorted() }

    public var tenants: [TenantName] { settings.tenants.keys.sorted() }

    /// Nil where it is none of ours. Its secrets are in `SecretReport`.
    public func source(_ name: SourceName) -> Group? {
        guard let source = settings.anySource(name), sources.contains(name) else { return nil }
        let path = "sources.\(name)"
        let quiet = settings.alerts.longestQuiet[name]
        let own = [
            row("\(path).body-limit", Self.words(source.bodyLimit), or: "as ingest.body-limit"),
            row("\(path).allow", source.allowed.isEmpty ? "any address" : "\(source.allowed.count) addresses or blocks"),
            row("\(path).longest-quiet", quiet.map(Self.words) ?? "none"),
        ]
        return Group(title: source.provider.title, rows: own + rows(below: path, but: Set(own.map(\.name)).subtracting(["\(path).allow"])))
    }

    public func tenant(_ name: TenantName) -> Group? {
        guard let tenant = settings.tenants[name] else { return nil }
        let path = "tenants.\(name)"
        let wordpress = tenant.wordpress
        func own(_ variable: String) -> [String] { ["\(variable)__\(name.environmentSuffix)", variable] }
        /// The file says it, or a variable does.
        func either(_ setting: String, _ value: String?, _ variable: String) -> Row {
            let place = origins.place(ofPath: "\(path).\(setting)") ?? own(variable).lazy.compactMap { origins.place(ofVariable: $0) }.first
            return Row(name: "\(path).\(setting)", value: value ?? "none", origin: place ?? Self.byDefault, isDefault: place == nil)
        }
        var all = [
            either("wordpress", wordpress?.baseURL, "WORDPRESS_BASE_URL"), either("user", wordpress?.user, "WORDPRESS_USER"),
            row("\(path).auth", tenant.delivery.auth.rawValue), row("\(path).key-id", tenant.delivery.keyID ?? "none"),
            row("\(path).ca-file", tenant.delivery.caFile ?? "the system's"),
        ]
        all += [
            secret("WORDPRESS_APP_PASSWORD", wordpress?.appPassword, variables: own("WORDPRESS_APP_PASSWORD")),
            secret("WORDPRESS_TOKEN", wordpress?.token, variables: own("WORDPRESS_TOKEN")),
            secret("HMAC_SHARED_SECRET", wordpress?.sharedSecret, variables: own("HMAC_SHARED_SECRET")),
            secret("HMAC_SHARED_SECRET_NEXT", wordpress?.nextSecret, variables: own("HMAC_SHARED_SECRET_NEXT")),
            row("JWT_PRIVATE_KEY", wordpress?.signingKey == nil ? "not set" : "set", variables: own("JWT_PRIVATE_KEY")),
        ]
        for (source, api) in tenant.apis.sorted(by: { $0.key < $1.key }) {
            let variable = Settings.ProviderAPI.variable(of: source)
            all.append(secret(variable, api.key, variables: own(variable)))
        }
        if origins.entries(below: "\(path).cutover").isEmpty { all.append(row("\(path).cutover", "all live")) }
        return Group(title: name.description, rows: all + rows(below: path, but: Set(all.map(\.name))))
    }
}
