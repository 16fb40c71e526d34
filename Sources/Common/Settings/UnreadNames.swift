/// Names in the secrets' file that nobody reads: a slip there would otherwise show as a secret that is missing.
extension SettingsReader {
    private static let wordpressNames = [
        "WORDPRESS_BASE_URL", "WORDPRESS_USER", "WORDPRESS_APP_PASSWORD", "WORDPRESS_TOKEN", "HMAC_SHARED_SECRET",
        "HMAC_SHARED_SECRET_NEXT", "JWT_PRIVATE_KEY",
    ]

    /// In the secrets' file such a name is an error; an environment may be another program's too.
    mutating func noteStrayVariables(_ environment: Environment) {
        let names = Self.wordpressNames + Settings.ProviderAPI.sources.map(Settings.ProviderAPI.variable)
        let own = Set(settings.tenants.keys.map(\.environmentSuffix))
        settings.strayVariables = names.map { $0 + "__" }.flatMap { prefix in
            environment.names(beginning: prefix).filter { !own.contains(String($0.dropFirst(prefix.utf8.count))) }
        }.sorted()
    }

    /// Not where something else is wrong: then it is not known what would have been read.
    mutating func refuseUnreadNames(_ environment: Environment) {
        guard file.problems.isEmpty else { return }
        let suffixes = settings.tenants.keys.map { "__\($0.environmentSuffix)" }
        let known = Self.wordpressNames.flatMap { name in [name] + suffixes.map { name + $0 } }
        let sources = (Catalogue.providers.map(\.source) + sourceSettings.keys).map { Self.prefix + $0.environmentSuffix }
        for (name, place, line) in environment.unread
        where !known.contains(name) && !name.hasPrefix("GATEPOST_") && !name.hasPrefix("OTEL_") && !name.hasPrefix(Self.prefix) {
            file.problems.append(.init(place: place, line: line, text: Self.unread(name, known + sources)))
        }
    }

    private static func unread(_ name: String, _ known: [String]) -> String {
        // What is no name may be a piece of a secret, and is not repeated.
        guard name.utf8.count <= 100, name.utf8.allSatisfy({ $0 == 0x5F || (0x41...0x5A).contains($0) || ASCII.isDigit($0) }) else {
            return "expected NAME=value; names are capitals, digits and _"
        }
        let owner = name.range(of: "__").map { "; no tenant has the suffix \(name[$0.lowerBound...])" } ?? ""
        return "\(name): nothing reads this\(Nearest.hint(for: name, among: known))\(owner)"
    }
}
