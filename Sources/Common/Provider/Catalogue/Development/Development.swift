extension Catalogue {
    /// Code, builds and incidents.
    static let development: [Provider] = [.github]
}
