import Testing

@testable import Common

@Suite struct GitHubSchemeTests {
    private static let header = "x-hub-signature-256"
    /// https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation
    private static let secret = "It's a Secret to Everybody"
    private static let body = "Hello, World!"
    private static let code = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"

    private func judge(_ headers: [(String, String)], body: String = body, secrets: [String] = [secret]) throws -> Verdict {
        Provider.github.scheme.verdict(
            headers, body: Bytes(body.utf8), candidates: try keys([("acme", secrets)]), now: Timestamp(milliseconds: 0))
    }

    @Test(
        arguments: [
            ("as documented", "sha256=\(code)", .tenant("acme")),
            ("upper-case hex", "sha256=\(code.uppercased())", .refused(.signatureWrong)),
            ("upper-case prefix", "SHA256=\(code)", .refused(.headerUnreadable(header: header))),
            ("no prefix", code, .refused(.headerUnreadable(header: header))),
            ("another hash's prefix", "sha1=\(code)", .refused(.headerUnreadable(header: header))),
            ("prefix alone", "sha256=", .refused(.signatureWrong)),
            ("half a prefix", "sha256", .refused(.headerUnreadable(header: header))),
            ("cut short", "sha256=\(code.dropLast())", .refused(.signatureWrong)),
            ("one more", "sha256=\(code)0", .refused(.signatureWrong)),
            ("two in one", "sha256=\(code),sha256=\(code)", .refused(.signatureWrong)),
            ("blank before", " sha256=\(code)", .refused(.headerUnreadable(header: header))),
            ("blank behind", "sha256=\(code) ", .refused(.signatureWrong)), ("empty", "", .refused(.signatureMissing(place: header))),
            ("base64", "sha256=dXEH6g6yUJ/CESIczphLijdXC211hsIsRvQ3nIsEPhc=", .refused(.signatureWrong)),
        ] as [(String, String, Verdict)])
    func reads(_ name: String, field: String, expected: Verdict) throws {
        #expect(try judge([("X-Hub-Signature-256", field)]) == expected, "\(name)")
    }

    @Test func standsOnceUnderItsOwnName() throws {
        let field = ("X-Hub-Signature-256", "sha256=\(Self.code)")
        #expect(try judge([]) == .refused(.signatureMissing(place: Self.header)))
        #expect(try judge([("X-Hub-Signature", field.1)]) == .refused(.signatureMissing(place: Self.header)))
        #expect(try judge([field, field]) == .refused(.headerUnreadable(header: Self.header)))
        #expect(try judge([("X-Hub-Signature", "sha1=00"), field]) == .tenant("acme"), "the old header is not looked at")
    }

    @Test(
        arguments: [
            ("rotated", ["new", secret], .tenant("acme")), ("other", ["other"], .refused(.signatureWrong)),
            ("none", [], .refused(.signatureWrong)),
        ] as [(String, [String], Verdict)])
    func triesEverySecret(_ name: String, secrets: [String], expected: Verdict) throws {
        #expect(try judge([("X-Hub-Signature-256", "sha256=\(Self.code)")], secrets: secrets) == expected, "\(name)")
    }

    @Test(arguments: ["", "Hello, World", "Hello, World!\n", "hello, World!"])
    func otherBodies(_ body: String) throws {
        #expect(try judge([("X-Hub-Signature-256", "sha256=\(Self.code)")], body: body) == .refused(.signatureWrong))
    }
}
