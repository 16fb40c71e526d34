import Foundation
import Testing

@testable import Common
@testable import Delivery
@testable import Transport

@Suite struct CredentialsTests {
    private func site(_ auth: Settings.WordPress.Auth) -> Settings.WordPress {
        var site = Settings.WordPress(baseURL: "https://www.example.com/blog")
        (site.user, site.appPassword, site.token) = ("gatepost", Secret("a b c"), Secret("token"))
        (site.sharedSecret, site.auth) = (Secret("shared"), auth)
        return site
    }

    private func part(_ text: Substring) throws -> [String: Any] {
        var base = text.replacing("-", with: "+").replacing("_", with: "/")
        base += String(repeating: "=", count: (4 - base.count % 4) % 4)
        let data = try #require(Data(base64Encoded: String(base)))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test func aTokenSaysWhatThePluginWants() throws {
        let headers = try site(.jwt).credentials(over: [], for: ["user-sync", "batch"], now: monday)
        #expect(headers.map(\.name) == ["Authorization", "X-Signature"])
        let token = try #require(headers[0].value.split(separator: " ").last)
        let parts = token.split(separator: ".")
        let head = try part(parts[0])
        #expect(head["alg"] as? String == "HS256" && head["typ"] as? String == "JWT")
        // `printf 'gatepost kid\nshared' | sha256sum`
        #expect(head["kid"] as? String == "8c2116c8")
        let claims = try part(parts[1])
        let seconds = Int(monday.milliseconds / 1000)
        #expect(claims["iss"] as? String == "gatepost" && claims["aud"] as? String == "https://www.example.com/blog")
        #expect(claims["iat"] as? Int == seconds && claims["exp"] as? Int == seconds + 120)
        #expect((claims["scope"] as? String)?.hasPrefix("user-sync batch") == true)
        #expect(UUID(uuidString: claims["jti"] as? String ?? "") != nil)
        let code = try HMACKey(Bytes("shared".utf8)).code(over: Bytes("\(parts[0]).\(parts[1])".utf8))
        let signature = String(decoding: Base64.encode(code), as: UTF8.self).replacing("+", with: "-").replacing("/", with: "_")
        #expect(parts[2] == signature.replacing("=", with: ""))
        var named = site(.jwt)
        named.keyID = "2026-11"
        let other = try named.credentials(over: [], for: [], now: monday)[0].value.dropFirst(7)
        #expect(try part(other.split(separator: ".")[0])["kid"] as? String == "2026-11")
    }

    /// RFC 8032, section 7.1, test 1: the seed and its public key.
    @Test func aKeyOfItsOwnSignsInTheSecretsPlace() throws {
        let seed = try #require(Hex.decode(Bytes("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60".utf8)))
        let publicKey = try PublicKey(ed25519: Bytes("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a".utf8))
        var site = site(.jwt)
        site.signingKey = try SigningKey(ed25519: String(decoding: Base64.encode(seed), as: UTF8.self))
        let parts = try site.credentials(over: [], for: [], now: monday)[0].value.dropFirst(7).split(separator: ".")
        let head = try part(parts[0])
        #expect(head["alg"] as? String == "EdDSA" && head["kid"] == nil)
        let signature = try #require(
            Base64.decode(Bytes((parts[2].replacing("-", with: "+").replacing("_", with: "/") + "==").utf8)))
        #expect(publicKey.verifies(signature, over: Bytes("\(parts[0]).\(parts[1])".utf8)))
        site.keyID = "2027"
        let named = try site.credentials(over: [], for: [], now: monday)[0].value.dropFirst(7).split(separator: ".")
        #expect(try part(named[0])["kid"] as? String == "2027")
        site.sharedSecret = nil
        #expect(site.hasCredential)
    }

    @Test(arguments: [
        (
            "its PEM",
            "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----", true
        ),
        ("its base 64", "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g", true),
        ("32 bytes", "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=", true),
        ("31 bytes", "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyufw==", false),
        ("a public key", "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", false), ("words", "secret", false),
        ("nothing", "", false),
    ])
    func readsAPrivateKey(_ what: String, _ text: String, _ isKey: Bool) {
        #expect(((try? SigningKey(ed25519: text)) != nil) == isKey, "\(what)")
    }

    @Test func eachWayHasItsHeaders() throws {
        func names(_ site: Settings.WordPress) throws -> [String] { try site.credentials(over: [], for: [], now: monday).map(\.name) }
        #expect(try names(site(.hmac)) == ["X-Signature"])
        #expect(try names(site(.applicationPassword)) == ["Authorization", "X-Signature"])
        var bare = site(.jwt)
        bare.sharedSecret = nil
        #expect(try names(bare) == [] && !bare.hasCredential)
        bare.auth = .applicationPassword
        #expect(bare.hasCredential)
    }
}

@Suite struct DiagnosisTests {
    @Test(arguments: [
        ("SSL certificate problem: certificate has expired", "tls_expired"),
        ("SSL: no alternative certificate subject name matches target host name 'a'", "tls_name"),
        ("SSL certificate problem: unable to get local issuer certificate", "tls_untrusted"),
        ("SSL certificate problem: self-signed certificate", "tls_untrusted"), ("SSL: handshake failure", "tls"),
    ])
    func tellsCertificatesApart(_ text: String, _ cause: String) {
        let failure = Diagnosis.failure(of: TransportError(kind: .tls, text: text), at: "https://www.example.com")
        #expect(failure.cause == cause && failure.text.contains(text))
    }

    @Test(arguments: [
        (500, #"{"code":"internal_server_error"}"#, "php_fatal"),
        (500, "<h1>Error establishing a database connection</h1>", "database_down"),
        (500, "<h1>Oops</h1>", "http_500"), (200, "<form id=login>", "not_wordpress_json"),
        (401, #"{"code":"gatepost_timestamp_wrong"}"#, "gatepost_timestamp_wrong"),
    ])
    func tellsAnswersApart(_ status: Int, _ body: String, _ cause: String) {
        let response = HTTPResponse(status: status, headers: [], body: Bytes(body.utf8))
        #expect(Diagnosis.failure(of: response, at: "https://www.example.com").cause == cause)
    }
}

/// A WordPress that is a table of answers.
@Suite struct PreflightTests {
    private static let index = #"{"namespaces":["wp/v2","ai-guy/v1"]}"#

    private func troubles(
        index: (Int, String) = (200, PreflightTests.index), alone: (Int, String) = (200, "{}"), status: (Int, String)
    ) throws -> [String] {
        var site = Settings.WordPress(baseURL: "https://www.example.com")
        (site.user, site.appPassword, site.sharedSecret) = ("gatepost", Secret("a"), Secret("s"))
        let report = try Preflight(site, now: { monday }) { request in
            let isSigned = request.headers.contains { $0.name == "X-Signature" }
            let (code, body) = request.url.hasSuffix("/wp-json/") ? index : isSigned ? status : alone
            return .success(HTTPResponse(status: code, headers: [], body: Bytes(body.utf8)))
        }.run()
        return report.troubles.map(\.cause)
    }

    private func plugin(_ version: String = "9.0.0", seconds: Int64 = 0) -> (Int, String) {
        (200, "{\"plugin_version\":\"\(version)\",\"server_time_ms\":\(monday.milliseconds + seconds * 1000)}")
    }

    @Test func namesWhatIsWrong() throws {
        let refused = (401, #"{"code":"gatepost_no_auth"}"#)
        #expect(try troubles(status: plugin()) == [])
        #expect(try troubles(index: (200, "<html>"), status: plugin()) == ["not_wordpress_json"])
        #expect(try troubles(index: (200, #"{"namespaces":["wp/v2"]}"#), status: plugin()) == ["rest_no_route"])
        #expect(try troubles(index: (301, ""), status: plugin()) == ["redirect"])
        #expect(try troubles(alone: refused, status: plugin()) == ["authorization_stripped"])
        #expect(try troubles(alone: (401, #"{"code":"gatepost_auth_insufficient"}"#), status: plugin()) == [], "both are wanted there")
        #expect(try troubles(status: plugin("0.9.9")) == ["plugin_old"])
        #expect(try troubles(status: plugin(seconds: 60)) == [])
        #expect(try troubles(status: plugin(seconds: 61)) == ["clock_off"])
        #expect(try troubles(status: plugin(seconds: -61)) == ["clock_off"])
        #expect(try troubles(status: (401, #"{"code":"gatepost_signature_wrong"}"#)) == ["gatepost_signature_wrong"])
    }
}
