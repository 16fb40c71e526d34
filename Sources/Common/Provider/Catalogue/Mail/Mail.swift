extension Catalogue {
    /// Mail and marketing.
    static let mail: [Provider] = [.hubspot, .hubspotV1, .hubspotV2]
}
