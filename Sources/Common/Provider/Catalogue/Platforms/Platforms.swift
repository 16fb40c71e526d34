extension Catalogue {
    /// Identity, content and platforms.
    static let platforms: [Provider] = [
        .workOS, .auth0, .okta, .contentful, .sanity, .ghost, .cloudinary, .twitch, .meta, .awsSNS, .airtable, .webflow,
    ]
}
