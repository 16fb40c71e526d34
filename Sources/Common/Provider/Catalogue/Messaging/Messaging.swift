extension Catalogue {
    /// Chat, telephony and text messages.
    static let messaging: [Provider] = []
}
