import Common
import Foundation
import Testing

/// What the catalogue claims is proven, or docs/providers.md says that it is not.
@Suite struct ProvenTests {
    /// Of each source, the last column of its row: what its entry rests on.
    private static let sureBy: [String: String] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "docs/providers.md")
        let lines = ((try? String(contentsOf: file, encoding: .utf8)) ?? "").split(separator: "\n").filter { $0.hasPrefix("| [`") }
        let rows = lines.map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
        return Dictionary(rows.map { ($0[0].split(separator: "`")[1].description, $0[3]) }, uniquingKeysWith: { first, _ in first })
    }()

    /// A vector that is accepted shows that the entry is right, one that is refused that it is not merely open.
    @Test(arguments: Catalogue.providers.map(\.source))
    func hasVectorsOrIsCalledUnproven(_ source: SourceName) throws {
        let sureBy = try #require(Self.sureBy[source.description], "\(source) has no row in docs/providers.md")
        let vectors = VectorFile.all.filter { $0.entry?.source == source }.flatMap(\.vectors)
        // Where nothing proves anything, nothing is refused.
        let isOpen = Catalogue.provider(for: source)?.schemes.contains { $0.algorithm == .none } == true
        let isProven = vectors.contains { $0.expected == "accept" } && (isOpen || vectors.contains { $0.expected == "reject" })
        #expect(isProven || sureBy == "secondary", "\(source) has no vectors, and docs/providers.md says \(sureBy)")
    }
}
