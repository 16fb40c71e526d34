import Foundation
import Testing

@testable import Common
@testable import GatepostCLI

@Suite struct ProvidersTests {
    /// The document is the catalogue's: `gatepost providers --markdown > docs/providers.md`.
    @Test func documentIsOfToday() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/providers.md").standardizedFileURL
        #expect(try String(contentsOf: path, encoding: .utf8) == ProvidersMarkdown.text)
    }

    @Test func isTheLargestThatWeKnowOf() { #expect(Catalogue.providers.count >= 85) }

    @Test(arguments: [("strype", " (did you mean stripe?)"), ("Github", " (did you mean github?)"), ("something-else", "")])
    func knowsWhatWasMeant(_ name: String, _ hint: String) {
        #expect(Nearest.hint(for: name, among: Catalogue.providers.map(\.source.description)) == hint)
    }
}
