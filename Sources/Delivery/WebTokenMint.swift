import Common

/// Makes the short-lived tokens (RFC 7519; HS256, or EdDSA as RFC 8037 has it) that the plugin takes for a password.
public struct WebTokenMint {
    private enum Key {
        case shared(HMACKey)
        case own(SigningKey)
    }

    private let key: Key
    /// Nil: the plugin tries each key that it has.
    private let keyID: String?

    /// The plugin takes five minutes at most, and allows the clocks a minute.
    static let lifetime: Int64 = 120

    /// - Parameter keyID: nil: as the plugin makes it of a secret to which nobody gave one.
    public init(secret: Secret, keyID: String?) throws(CryptoError) {
        key = .shared(try HMACKey(secret.bytes))
        self.keyID =
            keyID ?? String(decoding: Hex.encode(Crypto.sha256(Bytes("gatepost kid\n".utf8) + secret.bytes)).prefix(8), as: UTF8.self)
    }

    /// - Parameter keyID: that the public key stands under in the plugin.
    public init(signingKey: SigningKey, keyID: String?) {
        key = .own(signingKey)
        self.keyID = keyID
    }

    /// - Parameters:
    ///   - audience: the WordPress's base URL.
    ///   - id: never given twice.
    public func token(audience: String, scopes: [String], id: String, now: Timestamp) throws(CryptoError) -> String {
        let seconds = now.milliseconds / 1000
        var header = Bytes("{\"alg\":\"\(algorithm)\",\"typ\":\"JWT\"".utf8)
        if let keyID {
            header += ",\"kid\":".utf8
            JSONText.append(keyID.utf8, to: &header)
        }
        var claims = Bytes("{\"iss\":\"gatepost\",\"aud\":".utf8)
        JSONText.append(audience.utf8, to: &claims)
        claims += Bytes(",\"iat\":\(seconds),\"exp\":\(seconds + Self.lifetime),\"jti\":\"\(id)\",\"scope\":".utf8)
        // The plugin's first release knows one scope alone.
        JSONText.append((scopes + ["gatepost:push"]).joined(separator: " ").utf8, to: &claims)
        let signed = "\(Self.part(header + [UInt8(ascii: "}")])).\(Self.part(claims + [UInt8(ascii: "}")]))"
        return "\(signed).\(Self.part(try signature(over: Bytes(signed.utf8))))"
    }

    private var algorithm: String {
        switch key {
        case .shared: "HS256"
        case .own: "EdDSA"
        }
    }

    private func signature(over text: Bytes) throws(CryptoError) -> Bytes {
        switch key {
        case .shared(let key): key.code(over: text)
        case .own(let key): try key.signature(over: text)
        }
    }

    /// Base64url without padding (RFC 7515, section 2).
    private static func part(_ bytes: Bytes) -> String {
        String(decoding: Base64.encode(bytes), as: UTF8.self).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
