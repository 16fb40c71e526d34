/// The catalogue with an operator's own sources and mappings before it.
public struct Providers: Sendable {
    var own: [SourceName: Provider]

    public init(own: [SourceName: Provider] = [:]) { self.own = own }

    public static let catalogue = Providers()

    public subscript(source: SourceName) -> Provider? { own[source] ?? Catalogue.provider(for: source) }

    /// All of the catalogue, and behind them those of one's own.
    public var all: [Provider] { Catalogue.providers.map { self[$0.source] ?? $0 } + ownOnly }

    /// Those that the catalogue does not know.
    public var ownOnly: [Provider] {
        own.values.filter { Catalogue.provider(for: $0.source) == nil }.sorted { $0.source < $1.source }
    }

    /// By its name as text, as a stored row has it.
    public subscript(source text: String) -> Provider? { SourceName(text).flatMap { self[$0] } }
}
