import Common
import Foundation
import Testing

/// PayPal's and Amazon's certificate schemes, against certificates that `Fixtures/make-certificates` made.
private enum Fixture {
    static func text(_ name: String) -> String {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/\(name)")
        return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    }

    static func signature(_ name: String) -> String {
        let lines = text("signatures.txt").split(separator: "\n").map { $0.split(separator: " ") }
        return lines.first { $0[0] == name }.map { String($0[1]) } ?? ""
    }

    /// 2030-01-01T00:00:00Z.
    static let now: Int64 = 1_893_456_000

    static func judge(
        _ source: String, secret: String, _ headers: [(String, String)], _ body: String, at second: Int64, _ store: CertificateStore
    ) throws {
        let provider = try #require(Catalogue.provider(named: source))
        let tenant = try #require(TenantName("t"))
        let verifier = try Verifier(provider, secrets: [(tenant, [ProviderSecret(Secret(secret))])])
        let request = SignedRequest(
            method: "POST", url: "https://hooks.example.com/", headers: HeaderFields(headers), body: Bytes(body.utf8))
        _ = try verifier.verify(request, now: Timestamp(milliseconds: second * 1000), certificates: store)
    }
}

@Suite struct PayPalCertificateTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var url = "https://api.paypal.com/v1/notifications/certs/CERT-1"
        /// Where the certificate is at hand, if not there.
        var storedAt: String?
        var pem = "chain.pem"
        var anchors = ["root.pem"]
        var algorithm = "SHA256withRSA"
        var signature = "paypal"
        var webhook = "WH-TEST"
        var body = Fixture.text("paypal.json")
        var second = Fixture.now
        let failure: VerificationFailure?

        init(_ name: String, _ failure: VerificationFailure?, change: (inout Case) -> Void = { _ in }) {
            testDescription = name
            self.failure = failure
            change(&self)
        }
    }

    static let url = VerificationFailure.certificate("its URL is not the provider's")
    static let key = VerificationFailure.certificate("its key is not RSA of 2048 bits or more")
    static let name = VerificationFailure.certificate("it is not PayPal's")

    static let cases: [Case] =
        [
            Case("leaf and intermediate", nil),
            Case("sandbox host, port written out", nil) { $0.url = "https://api.sandbox.paypal.com:443/v1/notifications/certs/CERT-1" },
            Case("name among the alternatives", nil) { $0.pem = "alternative.pem" },
            Case("300 s old", nil) { $0.second += 300 },
            Case("301 s old", .timestampOff(milliseconds: 301_000)) { $0.second += 301 },
            Case("301 s ahead", .timestampOff(milliseconds: -301_000)) { $0.second -= 301 },
            Case("another body", .signatureWrong) { $0.body += " " },
            Case("another webhook", .signatureWrong) { $0.webhook = "WH-OTHER" },
            Case("not base 64", .signatureWrong) { $0.signature = "none" },
            Case("SHA-1 signature", .signatureWrong) { $0.signature = "paypal-sha1" },
            Case("SHA-1 by name", .certificate("the algorithm is not SHA256withRSA")) {
                $0.algorithm = "SHA1withRSA"
                $0.signature = "paypal-sha1"
            },
            Case("intermediate missing", .certificate("unable to get local issuer certificate")) { $0.pem = "leaf.pem" },
            Case("stranger's root", .certificate("unable to get local issuer certificate")) { $0.anchors = ["stranger.pem"] },
            Case("no anchor", .certificate("no trust anchor is set")) { $0.anchors = [] },
            Case("anchor unreadable", .certificate("no trust anchor is set")) { $0.anchors = ["signatures.txt"] },
            Case("expired", .certificate("certificate has expired")) { $0.pem = "expired.pem" },
            Case("suffix trick in the name", name) { $0.pem = "suffix.pem" },
            Case("look-alike name", name) { $0.pem = "lookalike.pem" },
            Case("not an RSA key", key) {
                $0.pem = "elliptic.pem"
                $0.signature = "paypal-elliptic"
            },
            Case("1024 bits", .certificate("EE certificate key too weak")) {
                $0.pem = "short.pem"
                $0.signature = "paypal-short"
            },
            Case("no certificate there", .certificate("its URL holds no certificate")) { $0.pem = "signatures.txt" },
            Case("not fetched", .certificateWanted(url: "https://api.paypal.com/v1/notifications/certs/CERT-1")) {
                $0.storedAt = "https://api.paypal.com/other"
            },
        ]
        + [
            "http://api.paypal.com/c", "HTTPS://api.paypal.com/c", "https://api.paypal.com.example.net/c", "https://notpaypal.com/c",
            "https://api.paypal.com@example.net/c", "https://user@api.paypal.com/c", "https://example.net/api.paypal.com",
            "https://api.paypal.com:8443/c",
            "https://api.paypal.com:/c", "https://api%2Epaypal.com/c", "https://example.net%2F.paypal.com/c",
            "https://example.net\\.paypal.com/c",
            "https://example.net#.paypal.com/c", "https://example.net?.paypal.com/c", "https://api.paypal.com./c", "https://.paypal.com/c",
            "https://api.paypal.com", "https:///c", "https://[::1]/c", "https://api.paypal.com/c d", "//api.paypal.com/c",
            "https://apipaypal.com/c", "",
        ].map { text in Case("URL \(text)", url) { $0.url = text } }

    @Test(arguments: cases) func judges(_ one: Case) throws {
        let store = CertificateStore(byURL: [one.storedAt ?? one.url: Fixture.text(one.pem)], anchors: one.anchors.map(Fixture.text))
        let headers = [
            ("PAYPAL-TRANSMISSION-ID", "transmission-1"), ("PAYPAL-TRANSMISSION-TIME", "2030-01-01T00:00:00Z"),
            ("PAYPAL-TRANSMISSION-SIG", one.signature == "none" ? "%%%" : Fixture.signature(one.signature)),
            ("PAYPAL-CERT-URL", one.url), ("PAYPAL-AUTH-ALGO", one.algorithm),
        ]
        let judge = { try Fixture.judge("paypal", secret: one.webhook, headers, one.body, at: one.second, store) }
        if let failure = one.failure { #expect(throws: failure, performing: judge) } else { try judge() }
    }
}

@Suite struct SNSCertificateTests {
    static let address = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem"
    static let topic = "arn:aws:sns:eu-west-1:1:t"

    private func judge(
        _ message: String = "notification", version: String = "2", signature: String = "notification-2", url: String = address,
        topic: String = topic, anchors: [String] = ["root.pem"], pem: String = "sns.pem", second: Int64 = Fixture.now
    ) throws {
        let body = Fixture.text("sns-\(message).json").replacing("VERSION", with: version)
            .replacing("SIGNATURE", with: Fixture.signature(signature)).replacing("CERTIFICATE", with: url)
        let store = CertificateStore(byURL: [url: Fixture.text(pem)], anchors: anchors.map(Fixture.text))
        try Fixture.judge("aws-sns", secret: topic, [("content-type", "text/plain; charset=UTF-8")], body, at: second, store)
    }

    @Test func acceptsEachVersionAsNamed() throws {
        try judge()
        try judge(version: "1", signature: "notification-1")
        try judge("confirmation", signature: "confirmation-2")
        try judge(anchors: [])
        #expect(throws: VerificationFailure.signatureWrong) { try judge(version: "1") }
        #expect(throws: VerificationFailure.signatureWrong) { try judge(signature: "notification-1") }
        #expect(throws: VerificationFailure.certificate("the signature version is neither 1 nor 2")) { try judge(version: "3") }
    }

    @Test func refusesWhatIsNotOurs() {
        #expect(throws: VerificationFailure.signatureWrong) { try judge(topic: "arn:aws:sns:eu-west-1:2:t") }
        #expect(throws: VerificationFailure.signatureWrong) { try judge("confirmation") }
        #expect(throws: VerificationFailure.timestampOff(milliseconds: 301_000)) { try judge(second: Fixture.now + 301) }
        #expect(throws: VerificationFailure.certificate("unable to get local issuer certificate")) { try judge(anchors: ["stranger.pem"]) }
        #expect(throws: VerificationFailure.certificate("it is not valid at this time")) { try judge(anchors: [], pem: "expired.pem") }
    }

    @Test(arguments: [
        "http://sns.eu-west-1.amazonaws.com/a.pem", "https://sns.eu-west-1.amazonaws.com/a.crt",
        "https://sns.eu-west-1.amazonaws.com/a?x=.pem",
        "https://sns.amazonaws.com/a.pem", "https://sns.a.b.amazonaws.com/a.pem", "https://sns.eu-west-1.amazonaws.com.example.net/a.pem",
        "https://evil-sns.eu-west-1.amazonaws.com/a.pem", "https://s3.eu-west-1.amazonaws.com/a.pem",
        "https://sns.s3.amazonaws.com/a.pem", "https://sns.s3-us-west-2.amazonaws.com/a.pem",
        "https://sns.s3-external-1.amazonaws.com/a.pem",
        "https://sns.s3-us-gov-west-1.amazonaws.com/a.pem", "https://sns.s3-website-us-east-1.amazonaws.com/a.pem",
        "https://sns.eu-we5t-1.amazonaws.com/a.pem", "https://sns.eur-west-1.amazonaws.com/a.pem",
        "https://sns.x.amazonaws.com:444/a.pem",
        "https://u@sns.eu-west-1.amazonaws.com/a.pem", "https://sns.cn-north-1.amazonaws.com.cn.example.net/a.pem",
    ])
    func refusesAddress(_ url: String) {
        #expect(throws: VerificationFailure.certificate("its URL is not the provider's")) { try judge(url: url) }
    }

    @Test func knowsChina() throws { try judge(url: "https://sns.cn-north-1.amazonaws.com.cn/a.pem") }
}
