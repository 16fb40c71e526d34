extension Catalogue {
    /// Standard Webhooks and who uses it.
    static let standard: [Provider] = [.standardWebhooks, .svix, .clerk, .openai, .polar]
}
