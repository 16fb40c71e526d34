import Testing

@testable import Common

@Suite struct TrustAnchorsTests {
    private static let one = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n"

    static let bundles: [(String, Int)] = [
        ("", 0), ("nothing of the kind", 0), (one, 1), ("\(one)\(one)", 2), ("# Comodo\n\(one)\n# Other\n\(one)rest", 2),
        ("-----END CERTIFICATE-----\n\(one)", 1), ("-----BEGIN CERTIFICATE-----\nMA==\n", 0),
    ]

    @Test(arguments: bundles)
    func findsEach(_ bundle: String, count: Int) {
        let pems = TrustAnchors(bundle: bundle).pems
        #expect(pems.count == count && pems.allSatisfy { $0 == Self.one })
    }

    @Test func aMissingFileHasNone() { #expect(TrustAnchors(path: "/nowhere").pems.isEmpty) }

    /// Debian's bundle is larger than what is read as one PEM text.
    @Test func readsTheSystemsOwn() { #expect(TrustAnchors(path: TrustAnchors.systemPath).pems.count > 50) }
}
