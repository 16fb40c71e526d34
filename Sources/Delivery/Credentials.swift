import Common
import Foundation

extension Settings.WordPress {
    /// The headers that convince the plugin, over exactly the bytes that are sent.
    /// - Parameter scopes: what a token is to be good for: the names of routes.
    public func credentials(over body: Bytes, for scopes: [String], now: Timestamp) throws(CryptoError) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        switch auth {
        case .hmac: break
        case .jwt:
            if let mint = try mint() {
                let token = try mint.token(
                    audience: baseURL, scopes: scopes, id: UUID().uuidString.lowercased(), now: now)
                headers.append(("Authorization", "Bearer \(token)"))
            }
        case .applicationPassword: headers += (basic ?? bearer).map { [("Authorization", $0)] } ?? []
        }
        if let sharedSecret {
            let code = try HMACKey(sharedSecret.bytes).code(over: body)
            headers.append(("X-Signature", String(decoding: Hex.encode(code), as: UTF8.self)))
        }
        return headers
    }

    private func mint() throws(CryptoError) -> WebTokenMint? {
        if let signingKey { return WebTokenMint(signingKey: signingKey, keyID: keyID) }
        guard let sharedSecret else { return nil }
        return try WebTokenMint(secret: sharedSecret, keyID: keyID)
    }

    /// User and application password; nil without either.
    public var basic: String? {
        guard let user, let appPassword else { return nil }
        return "Basic " + String(decoding: Base64.encode(Bytes("\(user):".utf8) + appPassword.bytes), as: UTF8.self)
    }

    private var bearer: String? { token.map { "Bearer \($0.exposed)" } }

    /// What must not stand in anything that is kept of an answer.
    public var secretBytes: [Bytes] {
        let own = [appPassword, token, sharedSecret, nextSecret].compactMap { $0?.bytes }
        return own + [basic.map { Bytes($0.utf8.dropFirst(6)) }].compactMap { $0 }
    }
}
