import Testing

@testable import Common

/// A request made by real signing and then spoilt in one way, and what the explainer must say of it.
@Suite struct ExplainerTests {
    static let noon = Timestamp(milliseconds: 1_795_456_800_000)
    static let body = #"{"id": 1, "url": "https://example.com/a", "name": "Jos\#u{e9}"}"# + "\n"

    /// What is spoilt; the rest is as it should be.
    struct Spoilt: Sendable {
        var source = "github"
        var tenant: TenantName? = "acme"
        /// What the sender signs with, and over.
        var secret = "github-acme"
        var signedBody = body
        var sentBody = body
        var signedURL = "https://hooks.example/api/webhooks/x/acme/ingest"
        var sentURL = "https://hooks.example/api/webhooks/x/acme/ingest"
        var signedAt = noon
        var scheme: @Sendable (inout Scheme) -> Void = { _ in }
        /// Last of all.
        var headers: @Sendable ([(String, String)]) -> [(String, String)] = { $0 }
        var type = "application/json"
        var settings: [(String, TenantName, String)] = ExplainerTests.settings
        var underscored: [String] = []

        init(_ change: (inout Spoilt) -> Void = { _ in }) { change(&self) }

        var provider: Provider { Catalogue.provider(for: SourceName(source)!)! }

        func request() throws -> SignedRequest {
            var scheme = provider.schemes[0]
            self.scheme(&scheme)
            let own = [("webhook-id", "msg_1"), ("svix-id", "msg_1"), ("content-type", type)]
            let signed = SignedRequest(method: "POST", url: signedURL, headers: HeaderFields(own), body: Bytes(signedBody.utf8))
            let fields = try scheme.sign(signed, with: Bytes(secret.utf8), now: signedAt) ?? []
            return SignedRequest(
                method: "POST", url: sentURL, headers: HeaderFields(headers(own + fields.map { ($0.name, $0.value) })),
                body: Bytes(sentBody.utf8))
        }

        var known: [KnownSecret] { settings.map { KnownSecret(source: SourceName($0)!, tenant: $1, secret: Secret($2)) } }

        func explain() throws -> Explanation {
            Explainer(provider, tenant: tenant, secrets: known).explain(try request(), underscored: underscored, now: noon)
        }
    }

    static let settings: [(String, TenantName, String)] = [
        ("github", "acme", "github-acme"), ("github", "globex", "github-globex"), ("stripe", "acme", "whsec_live"),
        ("stripe", "test", "whsec_test"), ("hubspot", "acme", "hubspot-acme"), ("shopify", "acme", "shopify-acme"),
        ("svix", "acme", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), ("gitlab", "acme", "gitlab-token"),
    ]

    static let cases: [(String, Spoilt, tag: String, words: String)] = [
        (
            "clock", Spoilt { ($0.source, $0.secret, $0.signedAt) = ("stripe", "whsec_live", noon + .seconds(-720)) }, "clock_off",
            "720 s behind"
        ),
        (
            "clock ahead", Spoilt { ($0.source, $0.secret, $0.signedAt) = ("stripe", "whsec_live", noon + .seconds(301)) }, "clock_off",
            "301 s ahead"
        ),
        ("tenant B", Spoilt { $0.secret = "github-globex" }, "other_tenant", "globex"),
        ("the test secret", Spoilt { ($0.source, $0.secret) = ("stripe", "whsec_test") }, "other_tenant", "tenant test"),
        ("the key of the documents", Spoilt { ($0.source, $0.secret) = ("mandrill", "test-webhook") }, "test_secret", "test key"),
        ("another source's", Spoilt { $0.secret = "shopify-acme" }, "other_source", "shopify"),
        ("empty secret", Spoilt { $0.secret = "" }, "empty_secret", "empty"),
        ("line feed added", Spoilt { $0.sentBody = body + "\n" }, "body", "line feed behind the body is removed"),
        ("line feed cut", Spoilt { $0.sentBody = String(body.dropLast()) }, "body", "line feed is put behind"),
        ("CR LF for LF", Spoilt { $0.sentBody = body.replacing("\n", with: "\r\n") }, "body", "line"),
        ("LF for CR LF", Spoilt { ($0.signedBody, $0.sentBody) = ("{\r\n\"a\":1\r\n}", "{\n\"a\":1\n}") }, "body", "CR LF"),
        ("CR LF within", Spoilt { ($0.signedBody, $0.sentBody) = ("{\n\"a\":1}", "{\r\n\"a\":1}") }, "body", "line feeds"),
        ("byte order mark added", Spoilt { $0.sentBody = "\u{FEFF}" + body }, "body", "byte order mark"),
        ("byte order mark cut", Spoilt { $0.signedBody = "\u{FEFF}" + body }, "body", "byte order mark"),
        (
            "blanks",
            Spoilt {
                $0.sentBody = "  " + body.dropLast() + " "; $0.signedBody = String(body.dropLast())
            }, "body", "blanks round"
        ),
        (
            "compact", Spoilt { ($0.signedBody, $0.sentBody) = (#"{"a":1,"b":[1,2]}"#, #"{ "a" : 1, "b" : [1, 2] }"#) }, "body",
            "without blanks"
        ),
        ("Python", Spoilt { ($0.signedBody, $0.sentBody) = (#"{"a": 1, "b": [1, 2]}"#, #"{"a":1,"b":[1,2]}"#) }, "body", "behind : and ,"),
        (
            "pretty", Spoilt { ($0.signedBody, $0.sentBody) = ("{\n  \"a\": [\n    1\n  ],\n  \"b\": {}\n}", #"{"a":[1],"b":{}}"#) },
            "body", "two blanks"
        ),
        ("PHP's slashes", Spoilt { ($0.signedBody, $0.sentBody) = (#"{"a":"b\/c"}"#, #"{"a":"b/c"}"#) }, "body", "/ as \\/"),
        ("unicode escaped", Spoilt { ($0.signedBody, $0.sentBody) = (#"{"a":"\u00e9\ud83d\ude00"}"#, #"{"a":"é😀"}"#) }, "body", "\\u…"),
        ("unicode unescaped", Spoilt { ($0.signedBody, $0.sentBody) = (#"{"a":"é"}"#, #"{"a":"\u00e9"}"#) }, "body", "letters as they are"),
        ("sorted", Spoilt { ($0.signedBody, $0.sentBody) = (#"{"a":1,"b":2}"#, #"{"b":2,"a":1}"#) }, "body", "names sorted"),
        ("addslashes", Spoilt { ($0.signedBody, $0.sentBody) = (#"{"a":1}"#, #"{\"a\":1}"#) }, "body", "addslashes"),
        ("JSON in JSON", Spoilt { ($0.signedBody, $0.sentBody) = (#"{"a":1}"#, #""{\"a\":1}""#) }, "body", "backslashes|within the string"),
        ("mojibake", Spoilt { ($0.signedBody, $0.sentBody) = ("{\"a\":\"é\"}", "{\"a\":\"Ã©\"}") }, "body", "Latin-1"),
        (
            "form payload",
            Spoilt {
                ($0.signedBody, $0.sentBody) = (#"{"a":"b c"}"#, "payload=%7B%22a%22%3A%22b+c%22%7D")
                $0.type = "application/x-www-form-urlencoded"
            }, "body", "form field payload"
        ),
        (
            "decoded form",
            Spoilt { ($0.signedBody, $0.sentBody) = ("payload=%7B%22a%22%3A%22b+c%22%7D", #"{"a":"b c"}"#) }, "body", "form field payload"
        ),
        ("percent", Spoilt { ($0.signedBody, $0.sentBody) = ("a=b c", "a=b%20c") }, "body", "%XX"),
        ("nothing signed", Spoilt { $0.signedBody = "" }, "body", "empty body"),
        ("our secret with a blank", Spoilt { $0.settings = [("github", "acme", " github-acme ")] }, "secret_text", "white space"),
        ("our secret with a line feed", Spoilt { $0.settings = [("github", "acme", "github-acme\n")] }, "secret_text", "white space"),
        ("our secret in quotes", Spoilt { $0.settings = [("github", "acme", "\"github-acme\"")] }, "secret_text", "quotes"),
        (
            "our secret in quotes, with a blank", Spoilt { $0.settings = [("github", "acme", "\"github-acme \"")] }, "secret_text", "quotes"
        ),
        ("their secret with a line feed", Spoilt { $0.secret = "github-acme\n" }, "secret_text", "line feed behind"),
        (
            "whsec_ missing", Spoilt { ($0.source, $0.secret, $0.settings) = ("stripe", "whsec_live", [("stripe", "acme", "live")]) },
            "secret_text", "whsec_ is put"
        ),
        ("whsec_ too many", Spoilt { ($0.source, $0.secret) = ("stripe", "live") }, "secret_text", "whsec_ is taken off"),
        (
            "secret in base 64",
            Spoilt {
                $0.scheme = { $0.secretForm = .base64 }; $0.secret = "AAECAwQF"; $0.settings = [("github", "acme", "AAECAwQF")]
            }, "secret_text", "base 64"
        ),
        (
            "secret in hex",
            Spoilt {
                $0.scheme = { $0.secretForm = .hex }; $0.secret = "00ff12"; $0.settings = [("github", "acme", "00ff12")]
            }, "secret_text", "hex"
        ),
        (
            "secret as text",
            Spoilt {
                $0.source = "svix"; $0.secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"; $0.scheme = { $0.secretForm = .text }
            }, "secret_text", "as text"
        ),
        ("SHA-1", Spoilt { $0.scheme = { $0.algorithm = .hmac(.sha1) } }, "signature_form", "SHA1"),
        ("base 64", Spoilt { $0.scheme = { $0.encoding = .base64 } }, "signature_form", "base 64"),
        (
            "upper-case hex",
            Spoilt { $0.headers = { $0.map { ($0.0, $0.0.contains("signature") ? "sha256=" + $0.1.dropFirst(7).uppercased() : $0.1) } } },
            "signature_form", "upper case"
        ),
        (
            "hex for base 64",
            Spoilt {
                ($0.source, $0.secret) = ("shopify", "shopify-acme"); $0.scheme = { $0.encoding = .hex }
            }, "signature_form", "in hex"
        ),
        ("prefix missing", Spoilt { $0.scheme = { $0.form = .whole(prefix: "") } }, "signature_form", "without the prefix"),
        (
            "sha1= and SHA-1",
            Spoilt {
                $0.scheme = {
                    $0.form = .whole(prefix: "sha1="); $0.algorithm = .hmac(.sha1)
                }
            }, "signature_form", "sha1="
        ),
        (
            "http",
            Spoilt {
                ($0.source, $0.secret) = ("hubspot", "hubspot-acme"); $0.sentURL = "http" + $0.signedURL.dropFirst(5)
            }, "url", "https://"
        ),
        (
            "port",
            Spoilt {
                ($0.source, $0.secret, $0.sentURL) = ("hubspot", "hubspot-acme", "https://hooks.example:443/api/webhooks/x/acme/ingest")
            }, "url", "without the port"
        ),
        (
            "behind a proxy",
            Spoilt {
                ($0.source, $0.secret, $0.sentURL) = ("hubspot", "hubspot-acme", "http://10.0.0.5:8080/api/webhooks/x/acme/ingest")
                $0.headers = { $0 + [("X-Forwarded-Host", "hooks.example, 10.0.0.1")] }
            }, "url", "the header x-forwarded-host"
        ),
        (
            "a port that a proxy hides",
            Spoilt {
                ($0.source, $0.secret, $0.signedURL) = ("hubspot", "hubspot-acme", "https://hooks.example:8443/api/webhooks/x/acme/ingest")
            }, "url", "with port 8443"
        ),
        (
            "slash",
            Spoilt {
                ($0.source, $0.secret) = ("hubspot", "hubspot-acme"); $0.sentURL = $0.signedURL + "/"
            }, "url", "without the slash"
        ),
        (
            "www",
            Spoilt {
                ($0.source, $0.secret, $0.sentURL) = ("hubspot", "hubspot-acme", "https://www.hooks.example/api/webhooks/x/acme/ingest")
            }, "url", "without www."
        ),
        (
            "query",
            Spoilt {
                ($0.source, $0.secret) = ("hubspot", "hubspot-acme"); $0.sentURL = $0.signedURL + "?a=b"
            }, "url", "without the query"
        ),
        (
            "time not signed",
            Spoilt {
                ($0.source, $0.secret) = ("stripe", "whsec_live"); $0.scheme = { $0.signed = [.body] }
            }, "signed_time", "body alone"
        ),
        (
            "time in milliseconds",
            Spoilt {
                ($0.source, $0.secret) = ("stripe", "whsec_live")
                $0.scheme = { $0.signed = [.literal(String(noon.milliseconds)), .literal("."), .body] }
            }, "signed_time", "milliseconds"
        ),
        ("no header", Spoilt { $0.headers = { $0.filter { !$0.0.contains("signature") } } }, "signature_missing", "x-hub-signature-256"),
        ("empty header", Spoilt { $0.headers = { $0.map { ($0.0, $0.0.contains("signature") ? "" : $0.1) } } }, "header_empty", "empty"),
        ("header twice", Spoilt { $0.headers = { $0 + $0.filter { $0.0.contains("signature") } } }, "header_twice", "2 times"),
        (
            "underscores",
            Spoilt {
                $0.headers = { $0.filter { !$0.0.contains("signature") } }
                $0.underscored = ["X_Hub_Signature_256"]
            }, "underscores", "nginx drops"
        ),
        ("no secret", Spoilt { $0.settings = [("stripe", "acme", "whsec_live")] }, "no_secret", "no active secret"),
        (
            "GitLab's token",
            Spoilt {
                ($0.source, $0.secret) = ("gitlab", "gitlab-token "); $0.settings = [("gitlab", "acme", "gitlab-token")]
            }, "secret_text", "blank behind"
        ),
    ]

    @Test(arguments: cases.indices)
    func findsTheCause(_ place: Int) throws {
        let (name, spoilt, tag, words) = Self.cases[place]
        let explanation = try spoilt.explain()
        #expect((try? explanation.verdict.get()) == nil, "\(name)")
        let first = try #require(explanation.findings.first, "\(name)")
        #expect(first.tag == tag && first.isCause, "\(name): \(first)")
        #expect(words.split(separator: "|").contains { first.text.contains($0) }, "\(name): \(first.text)")
        for secret in spoilt.settings.map(\.2) + [spoilt.secret] where secret.count > 4 && !explanation.findings.isEmpty {
            #expect(!explanation.findings.contains { "\($0)".contains(secret) }, "\(name) shows a secret")
        }
    }

    /// A source of one's own may be described wrong: then the advice is what to write.
    static let ownCases: [(sender: @Sendable (inout Scheme) -> Void, words: String)] = [
        ({ $0.encoding = .hex }, "scheme.signature.encoding: hex"), ({ $0.algorithm = .hmac(.sha1) }, "scheme.algorithm: hmac-sha1"),
        ({ $0.form = .whole(prefix: "sha256=") }, "scheme.signature.prefix: 'sha256='"),
        ({ $0.timestamp = .init(.header(["x-time"]), .milliseconds) }, "scheme.timestamp.unit: milliseconds"),
        ({ $0.timestamp = .init(.header(["x-time"]), .rfc3339) }, "scheme.timestamp.unit: rfc3339"),
        ({ $0.signed = [.timestamp, .body] }, "scheme.signed: '{timestamp}{body}'"),
    ]

    @Test(arguments: ownCases.indices)
    func saysWhatToWriteForASourceOfOnesOwn(_ place: Int) throws {
        let (sender, words) = Self.ownCases[place]
        let yaml = """
            sources:
              mine:
                scheme:
                  algorithm: hmac-sha256
                  signature: {header: X-Sig, encoding: base64}
                  timestamp: {header: X-Time}
                  signed: "{timestamp}.{body}"
            """
        let provider = try #require(try CommonTests.settings([:], in: Scratch(), yaml: yaml).providers["mine"])
        var scheme = provider.schemes[0]
        sender(&scheme)
        let plain = SignedRequest(method: "POST", url: "https://x/", headers: HeaderFields(), body: Bytes(Self.body.utf8))
        let fields = try #require(try scheme.sign(plain, with: Bytes("key".utf8), now: Self.noon))
        let request = SignedRequest(
            method: "POST", url: "https://x/", headers: HeaderFields(fields.map { ($0.name, $0.value) }), body: plain.body)
        let found = Explainer(provider, tenant: "acme", secrets: [KnownSecret(source: "mine", tenant: "acme", secret: Secret("key"))])
            .explain(request, now: Self.noon)
        #expect(found.findings.first?.mend.contains("`sources.mine.\(words)`") == true, "\(found.findings)")
    }

    /// Where nothing explains it, our own secret may be mistyped: which they were is said, where they have a name.
    @Test func namesTheSecretsThatItWasJudgedBy() throws {
        let request = try Spoilt { $0.secret = "nobody's" }.request()
        let known = KnownSecret(source: "github", tenant: "acme", secret: Secret("github-acme"), place: "PROVIDER_SECRETS_GITHUB, entry 1")
        let found = Explainer(Spoilt().provider, tenant: "acme", secrets: [known]).explain(request, now: Self.noon)
        #expect(found.findings.map(\.tag) == ["secrets_tried"] && !found.isExplained)
        #expect(found.findings.first?.text == "It was judged by PROVIDER_SECRETS_GITHUB, entry 1 (\(known.fingerprint)).")
        let cause = try Spoilt { $0.sentBody += "\n" }.request()
        let explained = Explainer(Spoilt().provider, tenant: "acme", secrets: [known]).explain(cause, now: Self.noon)
        #expect(explained.isExplained && !explained.findings.contains { $0.tag == "secrets_tried" })
    }

    /// Of a secret that is not in the settings nothing else is known.
    @Test(arguments: [("false", true), ("true", false)])
    func anEventOfTheTestModeIsCalledSo(_ live: String, expected: Bool) throws {
        let found = try Spoilt {
            ($0.source, $0.secret) = ("stripe", "whsec_nobody's")
            ($0.signedBody, $0.sentBody) = (#"{"livemode":\#(live)}"#, #"{"livemode":\#(live)}"#)
        }.explain()
        #expect(found.findings.contains { $0.tag == "test_mode" } == expected && !found.isExplained)
    }

    @Test func saysTheProvidersOwnWindow() throws {
        let found = try Spoilt {
            ($0.source, $0.secret, $0.settings, $0.signedAt) = ("twitch", "t", [("twitch", "acme", "t")], Self.noon + .seconds(-700))
        }.explain()
        #expect(found.findings.first?.text.contains("more than 600 s is refused") == true)
    }

    @Test func aSecretThatHasNotBegunShouldBeginEarlier() throws {
        let known = [
            KnownSecret(
                source: "github", tenant: "acme", secret: Secret("new"), standing: .early("it counts from tomorrow"), place: "GH_NEW")
        ]
        let request = try Spoilt { $0.secret = "new" }.request()
        let found = Explainer(Spoilt().provider, tenant: "acme", secrets: known).explain(request, now: Self.noon).findings
        #expect(found.first?.mend == "Give the provider the present secret, or let this one (GH_NEW) count earlier.")
        #expect(!found.contains { $0.mend.contains("PROVIDER_SECRETS") })
    }

    @Test func whatVerifiesHasNothingToExplain() throws {
        let explanation = try Spoilt().explain()
        #expect(try explanation.verdict.get() == "acme" && explanation.findings.isEmpty)
        #expect(
            try Spoilt {
                $0.tenant = nil; $0.secret = "github-globex"
            }.explain().verdict.get() == "globex")
    }

    @Test func anInactiveSecretIsNamed() throws {
        let spoilt = Spoilt { $0.secret = "old" }
        let known =
            spoilt.known + [KnownSecret(source: "github", tenant: "acme", secret: Secret("old"), standing: .inactive("until yesterday"))]
        let explanation = Explainer(spoilt.provider, tenant: "acme", secrets: known).explain(try spoilt.request(), now: Self.noon)
        #expect(
            explanation.findings.first?.tag == "inactive_secret" && explanation.findings.first?.text.contains("until yesterday") == true)
    }

    @Test func aRequestOfAnotherProviderIsRecognised() throws {
        let github = try Spoilt().request()
        let stripe = Catalogue.provider(for: "stripe")!
        let meant = Explainer(stripe, tenant: "acme", secrets: Spoilt().known).explain(github, now: Self.noon)
        #expect(meant.findings.first?.tag == "meant_for" && meant.findings.first?.mend.contains("/api/webhooks/github/acme") == true)
        let strange = Explainer(stripe, tenant: "acme", secrets: []).explain(github, now: Self.noon)
        #expect(strange.findings.contains { $0.tag == "looks_like" && $0.text.contains("GitHub") })
    }

    @Test func whatNothingExplainsSaysWhatWasTried() throws {
        let spoilt = Spoilt { $0.secret = "nobody's" }
        let explanation = try spoilt.explain()
        #expect(!explanation.isExplained && explanation.trials > 100 && !explanation.isCut)
        #expect(
            explanation.tried == [
                "the other tenants' secrets", "other sources' secrets", "an empty secret", "the secret copied otherwise",
                "other algorithms, encodings and prefixes", "the body changed on the way",
            ], "what would change nothing is not said to have been tried")
        #expect(explanation.findings.isEmpty)
        let hubspot = Spoilt { ($0.source, $0.secret, $0.signedAt) = ("hubspot", "nobody's", Self.noon + .seconds(400)) }
        let tried = try hubspot.explain().tried
        #expect(tried.contains("the clock") && tried.contains("the address") && tried.contains("other signed times"))
    }

    @Test func aCutBodyIsSaidToBe() throws {
        let spoilt = Spoilt {
            $0.sentBody = String(Self.body.prefix(10))
            $0.headers = { $0 + [("content-length", "\(Self.body.utf8.count)")] }
        }
        let explanation = try spoilt.explain()
        #expect(explanation.findings.contains { $0.tag == "length" && $0.text.contains("cut off") })
        let shorter = Spoilt {
            $0.signedBody = #"{"a":1}"#
            $0.sentBody = #"{"a":1}rest"#
            $0.headers = { $0 + [("content-length", "7")] }
        }
        #expect(try shorter.explain().findings.first?.text.contains("cut to its Content-Length") == true)
    }

    @Test func theTrialsAreBounded() throws {
        let many = (0..<3000).map { ("github", TenantName("t\($0)")!, "secret-\($0)") }
        let spoilt = Spoilt {
            $0.secret = "nobody's"
            $0.tenant = nil
            $0.settings = many
        }
        let explanation = try spoilt.explain()
        #expect(explanation.isCut && explanation.trials <= Trials.most)
    }

    /// Whatever is sent: the explainer's verdict is the verifier's, and no finding turns a refusal into something else.
    @Test func neverSaysVerifiesOfWhatTheVerifierRefuses() throws {
        var random = Seeded(7)
        let sources = ["github", "stripe", "shopify", "hubspot", "svix", "gitlab"]
        for _ in 0..<150 {
            let source = sources.randomElement(using: &random)!
            let spoilt = Spoilt {
                $0.source = source
                $0.secret = Self.settings.randomElement(using: &random)!.2
                $0.tenant = [nil, "acme", "globex"].randomElement(using: &random)!
                $0.signedAt = Self.noon + .seconds(Int64.random(in: -400...400, using: &random))
                if Bool.random(using: &random) { $0.sentBody += "\n" }
            }
            let request: SignedRequest
            do { request = try spoilt.request() } catch { continue }
            let secrets = Dictionary(grouping: spoilt.known.filter { $0.source.description == source }, by: \.tenant)
            let verifier = try Verifier(spoilt.provider, secrets: secrets.map { ($0.key, $0.value.map { ProviderSecret($0.secret) }) })
            let expected = try? verifier.verify(request, tenant: spoilt.tenant, now: Self.noon)
            let explanation = Explainer(spoilt.provider, tenant: spoilt.tenant, secrets: spoilt.known).explain(request, now: Self.noon)
            #expect((try? explanation.verdict.get()) == expected?.tenant)
            #expect((expected != nil) == (explanation.trials == 0 && explanation.findings.isEmpty && explanation.tried.isEmpty))
        }
    }
}
