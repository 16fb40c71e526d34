import Testing

@testable import Common

@Suite struct CatalogueTests {
    /// Reads every literal of the catalogue, so that a wrong path or name ends here and not at an operator's.
    @Test func everyEntryIsWhole() {
        #expect(Set(Catalogue.providers.map(\.source)).count == Catalogue.providers.count)
        for provider in Catalogue.providers {
            #expect(!provider.schemes.isEmpty, "\(provider.source)")
            #expect(!provider.setup.isEmpty, "\(provider.source)")
            #expect(!provider.references.isEmpty, "\(provider.source)")
            #expect(!provider.eventID.isEmpty, "\(provider.source)")
            #expect(!provider.contentTypes.isEmpty, "\(provider.source)")
        }
    }

    /// Who only proves to know a secret has to be told from who signs: the operator is to read what is not covered.
    @Test func whatBindsNoBodySaysSo() {
        for provider in Catalogue.providers where !provider.schemes.allSatisfy(\.bindsBody) {
            #expect(!provider.unsigned.isEmpty, "\(provider.source)")
        }
    }
}
