/// The catalogue with an operator's own sources and mappings before it.
public struct Providers: Sendable {
    var own: [SourceName: Provider]

    public init(own: [SourceName: Provider] = [:]) { self.own = own }

    public static let catalogue = Providers()

    public subscript(source: SourceName) -> Provider? { own[source] ?? Catalogue.provider(for: source) }

    /// By its name as text, as a stored row has it.
    public subscript(source text: String) -> Provider? { SourceName(text).flatMap { self[$0] } }
}
