extension Catalogue {
    /// Payments, subscriptions and accounting.
    static let payments: [Provider] = [.stripe]
}
