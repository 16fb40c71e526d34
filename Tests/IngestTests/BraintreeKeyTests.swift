import Testing

@testable import Common
@testable import IngestFCGI

@Suite struct BraintreeKeyTests {
    private func source(_ secrets: [(String, [String])]) throws -> Gateway.Source {
        var settings = Settings()
        let name = IngestTests.source("braintree")
        settings.sources[name] = Settings.Source(
            provider: try #require(Catalogue.provider(for: name)), bodyLimit: 1000,
            secrets: secrets.map { (tenant($0), $1.map { ProviderSecret(Secret($0)) }) })
        return try #require(try Gateway(settings).sources[name])
    }

    @Test(
        arguments: [
            ("20f9f8ed05f77439fe955c977e4c8a53", "integration_public_key|d9b899556c966b3f06945ec21311865d35df3ce4"),
            ("20f9f8ed05f77439fe95", "integration_public_key|"), ("20f9f8ed05f77439fe9", nil), ("20f9f8ed05f77439fe955c977e4c8a530", nil),
            ("20F9F8ED05F77439FE955C977E4C8A53", nil), ("20f9f8ed05f77439fe95\n", nil), ("", nil),
        ] as [(String, String?)])
    func answers(_ challenge: String, beginning: String?) throws {
        let one = try source([("acme", ["integration_public_key:integration_private_key"])])
        let answer = one.answer(braintree: Bytes(challenge.utf8), for: tenant("acme")).map { String(decoding: $0, as: UTF8.self) }
        #expect((answer == nil) == (beginning == nil))
        if let beginning { #expect(answer?.hasPrefix(beginning) == true) }
    }

    @Test func asTheTenantThatIsNamed() throws {
        let challenge = Bytes("20f9f8ed05f77439fe95".utf8)
        let two = try source([("acme", ["a:x"]), ("other", ["private-only", "b:y:z"])])
        #expect(two.answer(braintree: challenge, for: tenant("acme"))?.first == UInt8(ascii: "a"))
        #expect(two.answer(braintree: challenge, for: tenant("other"))?.first == UInt8(ascii: "b"))
        #expect(two.answer(braintree: challenge, for: nil) == nil, "it could be either's")
        #expect(two.answer(braintree: challenge, for: tenant("none")) == nil)
        let rotating = try source([("acme", ["new:x", "old:y"])])
        #expect(rotating.answer(braintree: challenge, for: nil)?.starts(with: "new|".utf8) == true)
    }
}
