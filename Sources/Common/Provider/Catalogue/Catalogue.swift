/// Every provider that Gatepost knows, by source name. Each entry is data; what data cannot say is a word of `Scheme`.
public enum Catalogue {
    public static let providers: [Provider] = [
        commerce, payments, mail, messaging, development, standard, work, platforms,
    ].flatMap { $0 }.sorted { $0.source < $1.source }

    public static func provider(for source: SourceName) -> Provider? { bySource[source] }

    /// By the name that people know: a source's, or one of its older names.
    public static func provider(named text: String) -> Provider? {
        SourceName(text == "hubspot-v3" ? "hubspot" : text).flatMap(provider(for:))
    }

    private static let bySource = Dictionary(uniqueKeysWithValues: providers.map { ($0.source, $0) })
}

extension SourceName {
    /// For the catalogue's own literals, which a test reads all of.
    init(catalogue text: StaticString) {
        guard let name = SourceName(text.description) else { preconditionFailure("not a source name: \(text)") }
        self = name
    }
}
