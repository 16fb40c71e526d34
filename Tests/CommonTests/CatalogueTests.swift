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
        #expect(provider.scheme.signed.contains(.body), "a body that is not signed may be anything")
        #expect(
            provider.scheme.signed.contains(.timestamp) == (provider.scheme.timestamp != nil), "a timestamp that is not signed is no one's")
        #expect(!provider.contentTypes.isEmpty && provider.contentTypes.allSatisfy { $0 == $0.lowercased() && !$0.contains(";") })
        #expect(!provider.eventID.isEmpty && !provider.eventType.isEmpty)
        // Header fields are looked up in lower case.
        let headers = [provider.scheme.signature.header, provider.scheme.timestamp?.header].compactMap { $0 }
        for header in headers { #expect(header == header.lowercased()) }
        for piece in provider.eventID + provider.eventType {
            if case .header(let name) = piece { #expect(name == name.lowercased()) }
        }
        // An element of an array shares its headers with the others: its id cannot come from there.
        #expect(!(provider.isArray && provider.claimsNonce))
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

    @Test func onlyGitHubClaimsNonces() {
        #expect(Catalogue.providers.filter(\.claimsNonce).map(\.source) == ["github"])
    }
}
