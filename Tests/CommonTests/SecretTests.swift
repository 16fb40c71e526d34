import Testing

@testable import Common

@Suite struct SecretTests {
    private static let word = "hunter2-very-secret"

    @Test func printsAsAnEllipsis() {
        let secret = Secret(Self.word)
        var dumped = ""
        dump(secret, to: &dumped)
        let texts = [
            "\(secret)", secret.description, secret.debugDescription, String(describing: secret), String(reflecting: secret), dumped,
        ]
        #expect(texts.prefix(5).allSatisfy { $0 == "…" }, "\(texts)")
        #expect(texts.allSatisfy { !$0.contains("hunter2") && !$0.contains("104") })
        #expect("\(Optional(secret) as Any) \([secret]) \(["k": secret])".contains("hunter2") == false)
        #expect(secret.exposed == Self.word)
    }

    /// A whole tree of settings may land in a log by mistake.
    @Test func settingsPrintNoSecret() throws {
        let environment = ["WORDPRESS_APP_PASSWORD", "WORDPRESS_TOKEN", "HMAC_SHARED_SECRET"].map { ($0, Self.word) }
        let read = try settings(
            Dictionary(uniqueKeysWithValues: environment).merging([
                "PROVIDER_SECRETS_STRIPE": "acme:\(Self.word)", "WORDPRESS_BASE_URL": "https://wp.example", "WORDPRESS_USER": "ann",
            ]) { $1 }, in: Scratch())
        var dumped = ""
        dump(read, to: &dumped)
        var secrets = ""
        dump((read.tenants, read.sources["stripe"]?.secrets), to: &secrets)
        #expect(!secrets.contains(" 104\n") && secrets.contains("…"), "a dump lists bytes line by line; 104 is h")
        let bytes = "\(Bytes(Self.word.utf8))".dropFirst().dropLast()
        for text in [dumped, "\(read)", String(reflecting: read), "\(read.sources)", "\(read.tenants)"] {
            #expect(!text.contains("hunter2") && !text.contains(bytes))
        }
        #expect(dumped.contains("wp.example"), "the rest is there")
    }
}

@Suite struct WebAddressTests {
    @Test(arguments: [
        ("https://wp.example", "https://wp.example"), ("https://wp.example/", "https://wp.example"),
        ("https://wp.example/blog/", "https://wp.example/blog"),
        ("https://wp.example:8443", "https://wp.example:8443"), ("HTTPS://WP.example", "HTTPS://WP.example"),
        ("https://192.0.2.1", "https://192.0.2.1"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]"), ("http://127.0.0.1", "http://127.0.0.1"),
        ("http://127.8.9.10:8080/x", "http://127.8.9.10:8080/x"),
        ("http://localhost:8080", "http://localhost:8080"), ("http://[::1]:80", "http://[::1]:80"),
        ("https://wp.example//", "https://wp.example"), ("https://wp.example/a//", "https://wp.example/a"),
        ("", nil), ("wp.example", nil), ("//wp.example", nil), ("https://", nil), ("https:///x", nil), ("https:wp.example", nil),
        ("ftp://wp.example", nil),
        ("file:///etc/passwd", nil), ("http://wp.example", nil), ("http://127.0.0.1.evil.example", nil), ("http://127.1", nil),
        ("http://128.0.0.1", nil),
        ("http://localhost.evil.example", nil), ("http://127.0.0.256", nil), ("http://127.0.0.1@evil.example", nil),
        ("https://user@wp.example", nil),
        ("https://user:pass@wp.example", nil), ("https://wp.example?x=1", nil), ("https://wp.example/?", nil),
        ("https://wp.example/#x", nil),
        (" https://wp.example", nil), ("https://wp.example ", nil), ("https://wp .example", nil), ("https://wp.example/a b", nil),
        ("https://wp.example\n", nil), ("https://wp.example/\r\nX: y", nil), ("https://wp.example:99999", nil),
        ("https://wp.example:x", nil),
    ])
    func reads(_ text: String, expected: String?) { #expect(WebAddress(text)?.text == expected) }
}
