extension Catalogue {
    /// Shops and what they sell.
    static let commerce: [Provider] = []
}
