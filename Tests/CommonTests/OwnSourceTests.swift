import Foundation
import Testing

@testable import Common

/// Sources that the catalogue does not know, and words of an operator on those that it does.
@Suite struct OwnSourceTests {
    private static let billing = """
        sources:
          billing:
            title: Billing
            scheme:
              algorithm: hmac-sha256
              signature: {header: X-Billing-Signature, form: pairs, key: v1, time-key: ts}
              timestamp: {pair: true}
              signed: "{timestamp}.{header:X-Id}.{body}"
            tolerance: 1min
            content-types: [application/json, application/vnd.billing+json]
            event-id: [X-Id, $.id]
            event-type: $.event
            occurred-at: {at: $.created, unit: seconds}
            answer: {status: 204}
            mappings:
              - {type: invoice.*, route: order-event, subject: invoice, subject-id: $.data.id, actor-email: [$.data.email, $.email], data: $.data}
        """

    @Test func oneThatSignsIsVerifiedAndRead() throws {
        let scratch = try Scratch()
        let settings = try settings(["PROVIDER_SECRETS_BILLING": "acme:key"], in: scratch, yaml: Self.billing)
        let source = try #require(settings.sources["billing"])
        let now = Timestamp(milliseconds: 1_795_456_800_000)
        let body = Bytes(#"{"id":"7","event":"invoice.paid","created":1795456790,"data":{"id":"inv_1","email":"anna@example.com"}}"#.utf8)
        let headers = [("X-Id", "m1")]
        let request = SignedRequest(method: "POST", url: "https://x/", headers: HeaderFields(headers), body: body)
        let signed = try #require(try source.provider.schemes[0].sign(request, with: Bytes("key".utf8), now: now))
        let verifier = try Verifier(source.provider, secrets: source.secrets)
        func verdict(_ change: (inout [(String, String)], inout Bytes) -> Void = { _, _ in }, at moment: Timestamp) -> String? {
            var (fields, bytes) = (headers + signed.map { ($0.name, $0.value) }, body)
            change(&fields, &bytes)
            let request = SignedRequest(method: "POST", url: "https://x/", headers: HeaderFields(fields), body: bytes)
            return try? verifier.verify(request, now: moment).tenant.description
        }
        #expect(verdict(at: now) == "acme")
        #expect(verdict(at: now + .seconds(60)) == "acme")
        #expect(verdict(at: now + .seconds(61)) == nil, "the tolerance is its own")
        #expect(verdict({ fields, _ in fields[0].1 = "m2" }, at: now) == nil)
        #expect(verdict({ _, body in body[3] ^= 1 }, at: now) == nil)
        let reading = source.provider.read(try JSONDocument(body).root, headers: HeaderFields(headers))
        #expect(reading.providerEventID == "m1.7")
        #expect(reading.eventType == "invoice.paid")
        #expect(reading.route == .orderEvent)
        #expect(reading.occurredAt == Timestamp(milliseconds: 1_795_456_790_000))
        let canonical = source.provider.normalise(
            try JSONDocument(body).root, eventType: "invoice.paid", tenant: "acme", receivedAt: now)
        #expect(canonical.subject.id == "inv_1")
        #expect(canonical.actor.email == "anna@example.com")
        #expect(source.provider.answer == Acknowledgement(status: 204))
        #expect(settings.providers["billing"]?.title == "Billing", "the worker reads it by this")
    }

    /// Every way to sign that can be said, signed and verified: whoever can be described can be taken.
    @Test(arguments: [
        "algorithm: hmac-sha1, signature: {header: X-S, prefix: sha1=}",
        "algorithm: hmac-sha512, signature: {header: X-S, encoding: base64}",
        "algorithm: hmac-sha256, signature: {header: X-S, form: list, separator: ' ', prefix: 'v1,', encoding: base64url}",
        "algorithm: hmac-sha256, signature: {header: X-S, encoding: hex-any-case}, timestamp: {header: X-T, unit: milliseconds}, signed: '{timestamp}:{method}:{url}:{body}'",
        "algorithm: sha256, signature: {header: X-S}, signed: '{body}{secret}'", "algorithm: token, signature: {header: X-Token}",
        "algorithm: hmac-sha256, signature: {header: X-S}, signed: '{json:$.id}|{header:X-Id}|{body}', secret: hex",
        "algorithm: hmac-sha256, signature: {header: X-S}, timestamp: {header: X-T, unit: rfc3339}, signed: '{timestamp}{body}', secret: base64",
    ])
    func eachShape(_ words: String) throws {
        let secret = words.contains("secret: hex") ? "6b6579" : words.contains("secret: base64") ? "a2V5a2V5" : "key"
        let settings = try settings(
            ["PROVIDER_SECRETS_MINE": "acme:\(secret)"], in: Scratch(), yaml: "sources:\n  mine:\n    scheme: {\(words)}\n")
        let source = try #require(settings.sources["mine"])
        let now = Timestamp(milliseconds: 1_795_456_800_000)
        let body = Bytes(#"{"id":"7"}"#.utf8)
        let plain = SignedRequest(method: "POST", url: "https://x/y", headers: HeaderFields([("X-Id", "1")]), body: body)
        let fields = try #require(try source.provider.schemes[0].sign(plain, with: Bytes(secret.utf8), now: now))
        let verifier = try Verifier(source.provider, secrets: source.secrets)
        let headers = HeaderFields([("X-Id", "1")] + fields.map { ($0.name, $0.value) })
        let request = SignedRequest(method: "POST", url: "https://x/y", headers: headers, body: body)
        #expect(try verifier.verify(request, now: now).tenant.description == "acme")
        let other = try Verifier(source.provider, secrets: [(source.secrets[0].tenant, [ProviderSecret(Secret("6f74686572ab"))])])
        #expect(throws: VerificationFailure.self) { try other.verify(request, now: now) }
    }

    @Test func anAllowedAddressStandsInForASignature() throws {
        let yaml = "sources:\n  sensor:\n    scheme: {algorithm: none}\n    allow: [192.0.2.0/24]\n    tenants: [acme]\n"
        let settings = try settings([:], in: Scratch(), yaml: yaml)
        let source = try #require(settings.sources["sensor"])
        #expect(source.allowed.map(\.description) == ["192.0.2.0/24"])
        #expect(source.secrets.map(\.tenant.description) == ["acme"])
        #expect(settings.tenants["acme"] != nil)
        let request = SignedRequest(method: "POST", url: "https://x/", headers: HeaderFields(), body: [0x7B, 0x7D])
        let verified = try Verifier(source.provider, secrets: source.secrets).verify(request, now: Timestamp(milliseconds: 0))
        #expect(verified.tenant.description == "acme")
        #expect(verified.fingerprint == "")
    }

    @Test(
        arguments: [
            (
                "mailchimp: {}",
                "sources.mailchimp.allow: is missing; Mailchimp Marketing signs nothing, so name the addresses that it sends from"
            ),
            (
                "mine: {scheme: {algorithm: none}, tenants: [a]}",
                "sources.mine.allow: is missing; mine signs nothing, so name the addresses that it sends from"
            ),
            (
                "stripe: {tenants: [a]}",
                "sources.stripe.tenants: only for a source that has no secrets; this one's tenants come with theirs"
            ),
            ("sensor: {scheme: {algorithm: none}}", "sources.sensor.allow: is missing"),
            (
                "sensor: {scheme: {algorithm: none}, allow: [192.0.2.0/24]}",
                "sources.sensor.tenants: is missing; sensor has no secret, so say whose events it brings"
            ),
            ("gumroad: {allow: [192.0.2.0/24]}", "sources.gumroad.tenants: is missing"),
            ("stripe: {older-signatures: true}", nil), ("hubspot: {older-signatures: maybe}", nil),
            (
                "stripe: {allow: 10.0.0.1/8}",
                "sources.stripe.allow: expected an address or a block such as 203.0.113.0/24, found \"10.0.0.1/8\""
            ),
            ("github: {tolerance: 5min}", "sources.github.tolerance: this source signs no time"),
            (
                "stripe: {scheme: {algorithm: none}}",
                "sources.stripe.scheme: the catalogue has a source stripe already; give yours another name"
            ),
            ("mine: {scheme: {}}", "sources.mine.scheme.algorithm: is missing; one of hmac-sha1"),
            ("mine: {scheme: {algorithm: md5}}", "sources.mine.scheme.algorithm: expected one of hmac-sha1"),
            ("mine: {scheme: {algorithm: hmac-sha256}}", "sources.mine.scheme.signature: is missing"),
            (
                "mine: {scheme: {algorithm: hmac-sha256, signature: {}}}",
                "sources.mine.scheme.signature: expected one of header, json, form-field"
            ),
            (
                "mine: {scheme: {algorithm: hmac-sha256, signature: {header: X_S}}}",
                "expected a header's name: letters, digits and dashes, found \"X_S\""
            ),
            ("mine: {scheme: {algorithm: hmac-sha256, signature: {header: X-S}, signed: '{timestamp}'}}", "has no {body} in it"),
            (
                "mine: {scheme: {algorithm: hmac-sha256, signature: {header: X-S}, signed: '{timestamp}{body}'}}",
                "say under timestamp where it stands"
            ),
            (
                "mine: {scheme: {algorithm: hmac-sha256, signature: {header: X-S}, timestamp: {header: X-T}}}",
                "is not signed; put {timestamp} into signed"
            ),
            ("mine: {scheme: {algorithm: hmac-sha256, signature: {header: X-S}, signed: '{what}'}}", "expected a text with {body}"),
            ("mine: {scheme: {algorithm: sha256, signature: {header: X-S}}}", "needs {secret} at its end"),
            ("mine: {scheme: {algorithm: hmac-sha256, signature: {header: X-S}, signed: '{json:$.id}'}}", "has no {body} in it"),
            ("mine: {scheme: {algorithm: hmac-sha256, signature: {header: X-S}, signed: '{body-crc32}'}}", "has no {body} in it"),
            ("mine: {scheme: {algorithm: sha256, signature: {header: X-S}, signed: '{secret}{body}'}}", "needs {secret} at its end"),
            (
                "mine: {scheme: {algorithm: hmac-sha256, signature: {header: X-S}, signed: '{body}{secret}'}}",
                "{secret} is for plain hashes alone"
            ),
            (
                "mine: {scheme: {algorithm: hmac-sha256, signature: {header: X-S}, timestamp: {pair: true}, signed: '{timestamp}{body}'}}",
                "pair: true goes with form: pairs alone"
            ),
            ("mine: {scheme: {algorithm: hmac-sha256, signature: {header: X-S}, claims: {a: present}}}", "for algorithm: jwt alone"),
            ("mine: {scheme: {algorithm: hmac-sha256, signature: {header: X-S, key: v1}}}", "key: goes with form: pairs alone"),
            ("mine: {scheme: {algorithm: hmac-sha256, signature: {header: X-S, prefix: [a]}}}", "prefix: expected a text"),
            (
                "mine: {scheme: {algorithm: hmac-sha256, signature: {header: X-S, form: list, separator: '；'}}}",
                "separator: expected one ASCII"
            ),
            ("mine: {scheme: {algorithm: token, signature: {header: X-S}}, answer: {body: {ok: true}}}", "answer.body: expected a text"),
            ("mine: {scheme: {algorithm: token, signature: {header: X-S}}, form-field: payload}", "form-field: goes with content-types"),
            ("stripe: {allow: []}", "sources.stripe.allow: names no address"),
            ("clerk: {secrets: [{tenant: a, variable: EMPTY}]}", "EMPTY: nothing is left of it once it is decoded"),
            ("clerk: {secrets: [{tenant: a, variable: SET}]}", "SET: expected whsec_ and base 64"),
            ("mine: {scheme: {algorithm: jwt, signature: {header: X-S}, claims: {iss: present}}}", "one must be body-sha256"),
            ("mine: {scheme: {algorithm: token, signature: {header: X-S}, signed: '{body}'}}", "signs no text of the request"),
            ("mine: {scheme: {algorithm: none}, algorithm: x}", "sources.mine.algorithm: no such setting"),
            ("mine: {scheme: {algorithm: token, signature: {header: X-S}}, event-id: [id]}", nil),
            (
                "mine: {scheme: {algorithm: token, signature: {header: X-S}}, event-id: [$id]}",
                "expected a header's name, a path such as $.id, or digest"
            ),
            ("mine: {scheme: {algorithm: token, signature: {header: X-S}}, content-types: text/xml}", "expected application/json"),
            ("stripe: {mappings: [{type: a}]}", "sources.stripe.mappings[1].route: is missing"),
            ("stripe: {mappings: {type: a}}", "sources.stripe.mappings: expected a list, each entry behind a dash"),
            ("stripe: {secrets: [{tenant: a}]}", "sources.stripe.secrets[1].variable: is missing"),
            (
                "stripe: {secrets: [{tenant: a, variable: whsec_secret}]}",
                "sources.stripe.secrets[1].variable: expected the name of the variable"
            ),
            ("stripe: {secrets: [{tenant: a, variable: NOT_SET}]}", "sources.stripe.secrets[1]: NOT_SET is not set"),
            ("stripe: {secrets: [{tenant: a, variable: SET, not-before: soon}]}", "not-before: expected a day or a time"),
            ("stripe: {secrets: [{tenant: a, variable: SET, not-before: 2026-12-02, not-after: 2026-12-01}]}", "lies before not-before"),
        ] as [(String, String?)])
    func saysWhatIsWrong(_ yaml: String, _ expected: String?) throws {
        let found = try problems(
            ["SET": "s!", "EMPTY": "whsec_", "PROVIDER_SECRETS_MAILCHIMP": yaml.hasPrefix("mailchimp") ? "a:x" : ""],
            yaml: "sources:\n  \(yaml)\n")
        switch expected {
        case let expected?:
            #expect(found.contains { $0.contains(expected) }, "\(found)")
            #expect(found.allSatisfy { $0.hasPrefix("gatepost.yaml: line 2: ") }, "\(found)")
            #expect(!found.contains { $0.contains("whsec_secret") }, "what may be a secret is not repeated")
        case nil where yaml.contains("maybe") || yaml.hasPrefix("stripe: {older"): #expect(found.count == 1)
        case nil: #expect(found == [])
        }
    }

    @Test(arguments: ["", "  acme-billing:\n    scheme: {algorithm: md5}\n"])
    func aSourceThatIsWrongIsKnownStill(_ yaml: String) throws {
        let whole = yaml.isEmpty ? "sources: [\n" : "sources:\n\(yaml)tenants:\n  a: {cutover: {acme-billing/*: mirror}}\n"
        let found = try problems(["PROVIDER_SECRETS_ACME_BILLING": "a:1"], yaml: whole)
        #expect(found.count == 1 && found[0].hasPrefix("gatepost.yaml: line "), "\(found)")
    }

    @Test func cutoverTakesOnesOfOnesOwn() throws {
        let scheme = "{algorithm: token, signature: {header: X-S}}"
        let yaml = "tenants:\n  a: {cutover: {mine/*: mirror}}\nsources:\n  mine: {scheme: \(scheme)}\n"
        let settings = try settings([:], in: Scratch(), yaml: yaml)
        #expect(settings.tenants["a"]?.delivery.cutover.rules.count == 1)
    }

    @Test func olderSignaturesCountWhereAllowedAlone() throws {
        let body = Bytes("[]".utf8)
        let v1 = Hex.encode(Crypto.sha256(Bytes("hs".utf8) + body))
        let headers = HeaderFields([
            ("X-HubSpot-Signature", String(decoding: v1, as: UTF8.self)), ("X-HubSpot-Signature-Version", "v1"),
        ])
        let request = SignedRequest(method: "POST", url: "https://x/", headers: headers, body: body)
        for (yaml, accepted) in [("sources: {hubspot: {older-signatures: true}}", true), ("", false)] {
            let settings = try settings(["PROVIDER_SECRETS_HUBSPOT": "acme:hs"], in: Scratch(), yaml: yaml)
            let source = try #require(settings.sources["hubspot"])
            let verifier = try Verifier(source.provider, secrets: source.secrets)
            #expect(((try? verifier.verify(request, now: Timestamp(milliseconds: 0))) != nil) == accepted, "\(yaml)")
        }
    }

    @Test func aMappingOfOnesOwnCountsBeforeTheCatalogues() throws {
        let yaml = "sources:\n  stripe:\n    mappings:\n      - {type: charge.*, route: keep}\n"
        let settings = try settings([:], in: Scratch(), yaml: yaml)
        #expect(settings.providers["stripe"]?.mapping(for: "charge.refunded")?.route == .keep)
        #expect(Catalogue.provider(for: "stripe")?.mapping(for: "charge.refunded")?.route == .orderEvent)
    }
}
