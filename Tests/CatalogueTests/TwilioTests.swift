import Testing

@testable import Common

@Suite struct TwilioTests {
    private static let url = "https://hooks.example.com/a"
    private static let token: Bytes = Bytes("token".utf8)
    private static let now = Timestamp(milliseconds: 1_790_000_000_000)

    struct Post: Sendable {
        var hash = HMACKey.Hash.sha1
        var settings: [String] = []
        var signedURL = TwilioTests.url
        var calledURL = TwilioTests.url
        var signedText = "AB"
        var body = "A=B"
        var type = "application/x-www-form-urlencoded"
        let accepted: Bool
    }

    private static let digest = String(decoding: Hex.encode(Crypto.sha256(Bytes("{}".utf8))), as: UTF8.self)

    static let posts: [Post] = [
        Post(accepted: true),
        Post(hash: .sha256, accepted: false),
        Post(hash: .sha256, settings: ["key=1,algorithm=HMAC_SHA256"], accepted: true),
        Post(hash: .sha256, settings: ["key=1, algorithm=HMAC_SHA256"], accepted: true),
        Post(hash: .sha1, settings: ["key=1,algorithm=HMAC_SHA256"], accepted: false),
        Post(hash: .sha1, settings: ["key=1,algorithm=HMAC_SHA1"], accepted: true),
        Post(hash: .sha1, settings: ["key=1,algorithm=HMAC_SHA512"], accepted: false),
        Post(hash: .sha1, settings: ["key=1"], accepted: true),
        Post(hash: .sha1, settings: ["key=1", "algorithm=HMAC_SHA512"], accepted: false),
        Post(signedURL: "https://hooks.example.com:443/a", accepted: true),
        Post(signedURL: "https://hooks.example.com:8443/a", accepted: false),
        Post(calledURL: "https://hooks.example.com:8443/a", accepted: true),
        Post(signedText: "AbAc", body: "A=c&A=b&A=c", accepted: true),
        Post(signedText: "AcAb", body: "A=c&A=b", accepted: false),
        Post(signedText: "", body: "{}", type: "application/json", accepted: false),
        Post(
            signedURL: url + "?bodySHA256=\(digest)", calledURL: url + "?bodySHA256=\(digest)", signedText: "", body: "{}",
            type: "application/json",
            accepted: true),
        Post(
            signedURL: url + "?bodySHA256=\(digest)", calledURL: url + "?bodySHA256=\(digest)", signedText: "", body: "{} ",
            type: "application/json",
            accepted: false),
        // A JSON post's signature, behind an empty form.
        Post(
            signedURL: url + "?bodySHA256=\(digest)", calledURL: url + "?bodySHA256=\(digest)", signedText: "", body: "&", accepted: false),
    ]

    @Test(arguments: posts)
    func judges(post: Post) throws {
        let signature = Base64.encode(try HMACKey(Self.token, hash: post.hash).code(over: Bytes((post.signedURL + post.signedText).utf8)))
        var headers = HeaderFields([("Content-Type", post.type), ("X-Twilio-Signature", String(decoding: signature, as: UTF8.self))])
        for line in post.settings { headers.append(name: "x-twilio-webhooks-signature-settings".utf8, value: Bytes(line.utf8)) }
        let request = SignedRequest(method: "POST", url: post.calledURL, headers: headers, body: Bytes(post.body.utf8))
        let tenant = try #require(TenantName("acme"))
        let verifier = try Verifier(.twilio, secrets: [(tenant, [ProviderSecret(Secret(String(decoding: Self.token, as: UTF8.self)))])])
        #expect((try? verifier.verify(request, now: Self.now))?.tenant == (post.accepted ? tenant : nil))
    }
}
