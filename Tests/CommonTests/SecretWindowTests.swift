import Testing

@testable import Common

/// Secrets that count for a time.
@Suite struct SecretWindowTests {
    private static func moment(_ text: String) -> Timestamp { Timestamp(rfc3339: text)! }

    @Test func eachCountsWithinItsOwnTime() throws {
        let yaml = """
            sources:
              stripe:
                secrets:
                  - {tenant: acme, variable: NEW, not-before: 2026-12-01}
                  - {tenant: acme, variable: OLD, not-after: "2026-12-08T01:00:00+01:00"}
            """
        let settings = try settings(["NEW": "new", "OLD": "old", "PROVIDER_SECRETS_STRIPE": "acme:always"], in: Scratch(), yaml: yaml)
        let source = try #require(settings.sources["stripe"])
        #expect(source.secrets.flatMap(\.secrets).map(\.place) == ["PROVIDER_SECRETS_STRIPE, entry 1", "NEW", "OLD"])
        let verifier = try Verifier(source.provider, secrets: source.secrets)
        func counts(_ secret: String, _ now: Timestamp) throws -> Bool {
            let plain = SignedRequest(method: "POST", url: "", headers: HeaderFields(), body: [1])
            let fields = try #require(try source.provider.schemes[0].sign(plain, with: Bytes(secret.utf8), now: now))
            let headers = HeaderFields(fields.map { ($0.name, $0.value) })
            let verified = try? verifier.verify(SignedRequest(method: "POST", url: "", headers: headers, body: [1]), now: now)
            if let verified { #expect(verified.fingerprint == ProviderSecret(Secret(secret)).fingerprint) }
            return verified != nil
        }
        for (time, new, old) in [
            ("2026-11-30T23:59:59.999Z", false, true), ("2026-12-01T00:00:00Z", true, true), ("2026-12-08T00:00:00Z", true, true),
            ("2026-12-08T00:00:01Z", true, false),
        ] {
            #expect(try counts("new", Self.moment(time)) == new, "new at \(time)")
            #expect(try counts("old", Self.moment(time)) == old, "old at \(time)")
            #expect(try counts("always", Self.moment(time)), "always at \(time)")
        }
    }

    @Test func aFingerprintIsNotTheSecret() {
        let secret = ProviderSecret(Secret("whsec_test"))
        #expect(secret.fingerprint.utf8.count == 8)
        #expect(secret.fingerprint != ProviderSecret(Secret("whsec_tess")).fingerprint)
        #expect("\(secret)".contains("whsec") == false)
    }

    @Test func theStoreRemembersUsesByTheMinute() throws {
        let scratch = try ScratchStore()
        let key = SecretUse.Key(source: "stripe", tenant: "acme", fingerprint: "00c0ffee")
        func minute(_ number: Int64) -> Timestamp { Timestamp(milliseconds: 1_000_000 + number * 60_000) }
        try scratch.store.know([key], now: minute(0))
        try scratch.store.know([key], now: minute(9))
        #expect(try scratch.store.secretUses()[key] == SecretUse(key: key, knownSince: minute(0), lastVerified: nil))
        func put(_ id: String, at now: Timestamp) throws {
            _ = try scratch.writer.commit([[.sample(id, secret: "00c0ffee")]], now: now)
        }
        try put("evt_1", at: minute(1))
        try put("evt_2", at: Timestamp(milliseconds: minute(2).milliseconds - 1))
        #expect(try scratch.store.secretUses()[key]?.lastVerified == minute(1))
        try put("evt_3", at: minute(2))
        #expect(try scratch.store.secretUses()[key]?.lastVerified == minute(2))
        try put("evt_3", at: minute(4))
        #expect(try scratch.store.secretUses()[key]?.lastVerified == minute(4), "a duplicate is signed as well")
        #expect(try scratch.store.texts("SELECT DISTINCT secret FROM webhook_event") == ["00c0ffee"])
    }
}
