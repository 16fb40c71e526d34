@testable import Common

/// Web tokens and Basic: what is believed was made with the key, over exactly this.
enum TokenFuzz {
    private static let secret = Bytes("the fuzzer knows this one".utf8)
    private static let now = Timestamp(milliseconds: 1_790_000_000_000)
    private static let request = SignedRequest(
        method: "POST", url: "https://hooks.example/", headers: HeaderFields(), body: Bytes("{}".utf8))
    private static let basic = Scheme(.basic, in: .header(["authorization"]), as: .whole(prefix: "Basic "), over: [])
    private static let tenant = TenantName("acme")

    static func check(_ input: Bytes) -> String? {
        if let token = WebToken(input), token.proves(request, [], secret: Crypto.sha256(secret), now: now) {
            return "a token from nowhere is believed"
        }
        return forged(input) ?? believed(input)
    }

    /// Place, change, then the claims.
    private static func forged(_ input: Bytes) -> String? {
        var input = FuzzInput(input)
        let (high, low, change) = (input.number(below: 256), input.number(below: 256), UInt8(input.number(below: 256)))
        let signed = Base64.encodeURL(Bytes(#"{"alg":"HS256"}"#.utf8)) + Bytes(".".utf8) + Base64.encodeURL(input.remainder())
        guard let key = try? HMACKey(secret) else { return nil }
        let honest = signed + Bytes(".".utf8) + Base64.encodeURL(key.code(over: signed))
        guard let token = WebToken(honest), token.proves(request, [], secret: secret, now: now) else { return nil }
        var changed = honest
        changed[(high << 8 | low) % honest.count] ^= change
        guard let token = WebToken(changed), token.proves(request, [], secret: secret, now: now) else { return nil }
        return changed.starts(with: signed + Bytes(".".utf8)) ? nil : "a changed token is believed"
    }

    /// A line of the secret, then the field's value.
    private static func believed(_ input: Bytes) -> String? {
        var input = FuzzInput(input)
        let secret = input.bytes()
        guard let tenant, let keys = try? basic.keys(from: secret) else { return nil }
        func isTaken(_ value: Bytes) -> Bool {
            var headers = HeaderFields()
            headers.append(name: "authorization".utf8, value: value)
            let request = SignedRequest(method: "POST", url: "https://hooks.example/", headers: headers, body: [])
            return (try? basic.verify(request, candidates: [TenantKeys(tenant: tenant, keys: keys.map { SecretKey($0) })], now: now)) != nil
        }
        guard isTaken(Bytes("bAsic ".utf8) + Base64.encode(secret)) else { return "the right user and password are refused" }
        let value = input.remainder()
        guard isTaken(value) else { return nil }
        return Base64.decode(Bytes(value.dropFirst(6))) == secret ? nil : "another user and password are taken"
    }
}
