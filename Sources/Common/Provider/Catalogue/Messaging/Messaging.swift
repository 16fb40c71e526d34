extension Catalogue {
    /// Chat, telephony and text messages.
    static let messaging: [Provider] = [.slack, .twilio, .plivo, .messagebird, .telnyx, .line, .telegram, .discord]
}
