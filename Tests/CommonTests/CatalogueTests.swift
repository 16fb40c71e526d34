import Testing

@testable import Common

@Suite struct CatalogueTests {
    /// Reading `providers` runs every literal's check: names, paths and patterns.
    @Test func sourcesAreDistinct() {
        let sources = Catalogue.providers.map(\.source)
        #expect(Set(sources).count == sources.count)
        #expect(Set(sources.map(\.environmentSuffix)).count == sources.count)
        for source in sources { #expect(Catalogue.provider(for: source)?.source == source) }
        #expect(Catalogue.provider(for: "nobody") == nil)
    }

    @Test(arguments: Catalogue.providers.map(\.source))
    func entriesAreWhole(_ source: SourceName) throws {
        let provider = try #require(Catalogue.provider(for: source))
        #expect(!provider.title.isEmpty)
        for scheme in provider.schemes {
            #expect(scheme.bindsBody || !provider.unsigned.isEmpty, "a body that is not signed may be anything: the entry has to say so")
        }
        #expect(!provider.contentTypes.isEmpty && provider.contentTypes.keys.allSatisfy { $0 == $0.lowercased() && !$0.contains(";") })
        #expect(!provider.eventID.isEmpty)
        // Two say nothing but that something changed, one sends submissions alone.
        #expect(!provider.eventType.isEmpty || ["airtable", "dropbox", "jotform"].contains(source))
        #expect(!provider.setup.isEmpty && !provider.references.isEmpty)
        // Header fields are looked up in lower case.
        for header in provider.signatureHeaders { #expect(header == header.lowercased()) }
        for piece in provider.eventID + provider.eventType {
            if case .header(let name) = piece { #expect(name == name.lowercased()) }
        }
    }

    /// A pattern that an earlier one covers would never count.
    @Test(arguments: Catalogue.providers.map(\.source))
    func everyMappingCounts(_ source: SourceName) throws {
        let provider = try #require(Catalogue.provider(for: source))
        for mapping in provider.mappings {
            let example = mapping.pattern.description.replacing("*", with: "example")
            #expect(provider.mapping(for: example)?.pattern == mapping.pattern, "\(mapping.pattern)")
        }
    }

    /// Their event's id stands in a header that nobody signs.
    @Test func someClaimNonces() {
        let sources = Set(Catalogue.providers.filter(\.claimsNonce).map(\.source))
        #expect(sources.contains("github"))
        #expect(!sources.contains("stripe") && !sources.contains("standard-webhooks"))
    }
}
