import Testing

@testable import Common

/// What a second judgement must not do, whatever the settings say today.
@Suite struct ReverificationTests {
    private static let noon = Timestamp(milliseconds: 1_795_456_800_000)
    private static let acme: TenantName = "acme"

    /// A request that was refused, as the store gives it back.
    private func rejected(
        source: SourceName, tenant: TenantName?, secret: String, address: String = "192.0.2.7"
    ) throws -> StoredRejection {
        let provider = try #require(Catalogue.provider(for: source) ?? Catalogue.provider(for: "stripe"))
        let body = Bytes(#"{"id":"evt_1","type":"customer.created","data":{"object":{"id":"cus_1"}}}"#.utf8)
        let plain = SignedRequest(method: "POST", url: "https://h/x", headers: HeaderFields(), body: body)
        let fields = try #require(try provider.schemes[0].sign(plain, with: Bytes(secret.utf8), now: Self.noon))
        let headers = HeaderFields([("content-type", "application/json")] + fields.map { ($0.name, $0.value) })
        let arrival = Arrival(
            request: SignedRequest(method: "POST", url: "https://h/x", headers: headers, body: body), mediaType: "application/json",
            receivedAt: Self.noon, sourceIP: address, requestID: "request-1", createdBy: "tests")
        let rejection = NewRejection(
            arrival, provider: provider, tenant: tenant, reason: "signature_wrong", explanation: "", missed: 0)
        let scratch = try ScratchStore()
        let kept = try scratch.writer.commit([], rejections: [rejection], limits: .init(), now: Self.noon).rejections
        let id = try #require(kept[0].flatMap { EventID($0) })
        return try #require(try RejectionQueries(store: scratch.store).find(id.sequence))
    }

    private func settings(_ window: SecretWindow, allowed: [AddressRange] = []) throws -> Settings {
        var settings = Settings()
        settings.sources["stripe"] = .init(
            provider: try #require(Catalogue.provider(for: "stripe")), bodyLimit: 1000,
            secrets: [(Self.acme, [ProviderSecret(Secret("whsec_new"), window: window)])], allowed: allowed)
        return settings
    }

    private func admits(_ settings: Settings, _ stored: StoredRejection, now: Timestamp) throws -> Bool {
        if case .admit = try Reverification(settings, now: now).judge(stored) { true } else { false }
    }

    @Test(arguments: [
        (SecretWindow.always, true), (SecretWindow(notBefore: noon + .seconds(3600)), true), (SecretWindow(notAfter: noon), false),
        (SecretWindow(notBefore: noon + .seconds(86_401)), false),
    ])
    func todaysSecretsCountWhateverTheyDidAtTheArrival(_ window: SecretWindow, expected: Bool) throws {
        let stored = try rejected(source: "stripe", tenant: nil, secret: "whsec_new")
        #expect(try admits(settings(window), stored, now: Self.noon + .seconds(86_400)) == expected)
    }

    @Test(arguments: [("192.0.2.0/24", true), ("198.51.100.0/24", false)])
    func soDoTodaysAddresses(_ range: String, expected: Bool) throws {
        let stored = try rejected(source: "stripe", tenant: nil, secret: "whsec_new")
        let settings = try settings(.always, allowed: [try #require(AddressRange(range))])
        #expect(try admits(settings, stored, now: Self.noon) == expected)
    }

    /// A source that needs no secret is one thing; a tenant whose secrets have all ended is another.
    @Test(arguments: [([ProviderSecret](), true), ([ProviderSecret(Secret("x"), window: .init(notAfter: noon))], false)])
    func aTenantWhoseSecretsHaveEndedIsNotOneWithoutAny(_ secrets: [ProviderSecret], expected: Bool) throws {
        var settings = Settings()
        settings.sources["gumroad"] = .init(
            provider: try #require(Catalogue.provider(for: "gumroad")), bodyLimit: 1000, secrets: [(Self.acme, secrets)])
        let stored = try rejected(source: "gumroad", tenant: nil, secret: "x")
        #expect(try admits(settings, stored, now: Self.noon + .seconds(1)) == expected)
    }
}
