extension Catalogue {
    /// Identity, content and platforms.
    static let platforms: [Provider] = []
}
