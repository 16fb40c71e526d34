import Testing

@testable import Common
@testable import GatepostCLI

@Suite struct SavedRequestTests {
    private func read(_ text: String) throws -> SavedRequest { try SavedRequest(Bytes(text.utf8)) }

    @Test(arguments: [
        ("CR LF", "POST /a HTTP/1.1\r\nHost: h\r\nX-A: b\r\n\r\n{}\n", "{}\n"), ("LF", "POST /a HTTP/1.1\nHost: h\nX-A: b\n\n{}", "{}"),
        ("no start line", "Host: h\nX-A:b\n\n{}", "{}"), ("empty body", "POST /a HTTP/1.1\nHost: h\nX-A: b\n\n", ""),
        ("empty lines in the body", "POST /a HTTP/2\nHost: h\nX-A:  b \n\n\n\r\nx", "\n\r\nx"),
    ])
    func readsHTTP(_ name: String, text: String, body: String) throws {
        let saved = try read(text)
        #expect(saved.body == Bytes(body.utf8), "\(name)")
        #expect(saved.headers.single("x-a") == Bytes("b".utf8) && saved.method == "POST")
        let path = name == "no start line" ? "" : "/a"
        #expect(saved.request(at: nil, publicURL: nil).url == "https://h\(path)")
    }

    @Test func keepsWhatIsSigned() throws {
        let saved = try read("POST /api/webhooks/stripe/shop/ingest?a=b HTTP/1.1\nHost: h:8443\nX_Odd: 1\nX-T: 1\nX-T: 2\n\n\u{0}")
        #expect(saved.named.source == "stripe" && saved.named.tenant == "shop" && saved.underscored == ["X_Odd"])
        #expect(!saved.headers.contains("x-odd"))
        #expect(saved.headers.values(of: "x-t").count == 2 && saved.body == [0])
        #expect(saved.request(at: nil, publicURL: "https://p.example").url == "https://p.example/api/webhooks/stripe/shop/ingest?a=b")
        #expect(saved.request(at: "http://x/", publicURL: "https://p.example").url == "http://x/")
    }

    @Test func readsAnObject() throws {
        let saved = try read(
            #" {"provider":"github","secrets":["s"],"method":"PUT","url":"https://h/x","headers":{"A":["1","2"]},"body_base64":"e30=","now_epoch":5}"#
        )
        #expect(saved.source == "github" && saved.secrets == [Secret("s")] && saved.method == "PUT" && saved.body == Bytes("{}".utf8))
        #expect(saved.headers.values(of: "a").count == 2 && saved.now == Timestamp(milliseconds: 5000))
        #expect(try read(#"{"headers":{},"body":"é"}"#).body == Bytes("é".utf8))
    }

    /// nginx drops such a header, so that it must not verify here either.
    @Test(arguments: ["POST /a HTTP/1.1\nHost: h\nStripe_Signature: t=1\n\n{}", #"{"headers":{"Stripe_Signature":"t=1"},"body":"{}"}"#])
    func leavesOutHeadersWithUnderscores(_ text: String) throws {
        let saved = try read(text)
        #expect(saved.headers.single("stripe-signature") == nil && saved.underscored == ["Stripe_Signature"])
        let stripe = try #require(Catalogue.provider(named: "stripe"))
        let found = Explainer(stripe, tenant: nil, secrets: []).explain(
            saved.request(at: nil, publicURL: nil), underscored: saved.underscored, now: noon)
        #expect(found.findings.first?.tag == "underscores")
    }

    @Test(arguments: [
        "", "{", "{}", "[]", "POST /a HTTP/1.1\nHost: h\n", "hello", "hello\n\n", ": x\n\n", "POST /a HTTP/1.1\nnonsense\n\n",
        #"{"headers":{},"body_base64":"%"}"#,
    ])
    func refusesWhatIsNoRequest(_ text: String) {
        let failure = #expect(throws: Failure.self) { try read(text) }
        #expect(failure?.status == Failure.badUsage)
    }

    // MARK: What is shown

    private func view(_ source: String, _ headers: [(String, String)], url: String = "https://h/x") throws -> RejectedView {
        let rejection = Rejection(
            sequence: 1, id: "i", source: source, tenant: nil, receivedAt: noon, reason: "r", explanation: "e", address: nil,
            requestID: "q",
            bytes: 1, missed: 0, outcome: nil, settledAt: nil, eventIDs: [])
        return RejectedView(
            stored: StoredRejection(rejection: rejection, method: "POST", url: url, headers: HeaderFields(headers), body: []),
            explanation: nil)
    }

    @Test(arguments: [
        ("stripe", "stripe-signature", "t=1,v1=0123456789abcdef0123456789abcdef", "t=1,v1=01234…"),
        ("gitlab", "x-gitlab-token", "topsecret", "…"),
        ("stripe", "authorization", "Basic dG9wc2VjcmV0", "…"), ("stripe", "x-gitlab-token", "topsecret", "…"),
        ("github", "x-hub-signature", "sha1=0123456789", "…"), ("stripe", "cookie", "a=topsecret", "…"),
        ("stripe", "user-agent", "Stripe/1", "Stripe/1"),
    ])
    func showsNoCredential(_ source: String, name: String, value: String, shown: String) throws {
        #expect(try view(source, [(name, value)]).headers.map(\.value) == [shown])
    }

    @Test(arguments: [
        ("https://h/x", "https://h/x"), ("https://h/x?a=secret&b=&c", "https://h/x?a=…&b=…&…"), ("https://h/x?", "https://h/x?"),
    ])
    func showsNoValueOfTheQuery(_ url: String, shown: String) { #expect(RejectionReadout.withoutValues(url) == shown) }
}
