import Common

/// Makes the short-lived tokens (RFC 7519, HS256) that the plugin takes for a password.
public struct WebTokenMint {
    private let key: HMACKey
    private let keyID: String

    /// The plugin takes five minutes at most, and allows the clocks a minute.
    static let lifetime: Int64 = 120

    /// - Parameter keyID: nil: as the plugin makes it of a secret to which nobody gave one.
    public init(secret: Secret, keyID: String?) throws(CryptoError) {
        key = try HMACKey(secret.bytes)
        self.keyID =
            keyID ?? String(decoding: Hex.encode(Crypto.sha256(Bytes("gatepost kid\n".utf8) + secret.bytes)).prefix(8), as: UTF8.self)
    }

    /// - Parameters:
    ///   - audience: the WordPress's base URL.
    ///   - id: never given twice.
    public func token(audience: String, scopes: [String], id: String, now: Timestamp) -> String {
        let seconds = now.milliseconds / 1000
        var header = Bytes("{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":".utf8)
        JSONText.append(keyID.utf8, to: &header)
        var claims = Bytes("{\"iss\":\"gatepost\",\"aud\":".utf8)
        JSONText.append(audience.utf8, to: &claims)
        claims += Bytes(",\"iat\":\(seconds),\"exp\":\(seconds + Self.lifetime),\"jti\":\"\(id)\",\"scope\":".utf8)
        // The plugin's first release knows one scope alone.
        JSONText.append((scopes + ["gatepost:push"]).joined(separator: " ").utf8, to: &claims)
        let signed = "\(Self.part(header + [UInt8(ascii: "}")])).\(Self.part(claims + [UInt8(ascii: "}")]))"
        return "\(signed).\(Self.part(key.code(over: Bytes(signed.utf8))))"
    }

    /// Base64url without padding (RFC 7515, section 2).
    private static func part(_ bytes: Bytes) -> String {
        String(decoding: Base64.encode(bytes), as: UTF8.self).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
