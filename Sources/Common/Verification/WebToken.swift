/// A JSON Web Signature in its compact form (RFC 7515, section 7.1), read but not believed.
struct WebToken {
    private let signingInput: Bytes
    private let signature: Bytes
    private let hash: HMACKey.Hash
    private let claims: JSONValue

    /// Nil for anything but three parts, an HMAC algorithm and an object of claims. `none` and public-key algorithms are refused here.
    init?(_ text: Bytes) {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64.decodeURL(parts[0]), let payload = Base64.decodeURL(parts[1]),
            let signature = Base64.decodeURL(parts[2]), let head = try? JSONDocument(header, maxDepth: 4),
            let body = try? JSONDocument(payload, maxDepth: 8), body.root.isObject
        else { return nil }
        switch head.root["alg"]?.string {
        case "HS256": hash = .sha256
        case "HS384": hash = .sha384
        case "HS512": hash = .sha512
        default: return nil
        }
        signingInput = Bytes(text[..<parts[1].endIndex])
        self.signature = signature
        claims = body.root
    }

    /// Signed with the secret, valid now (one second's grace), and bound to this request by every claim asked for.
    func proves(_ request: SignedRequest, _ bindings: [Scheme.Claim], secret: Bytes, now: Timestamp) -> Bool {
        guard let key = try? HMACKey(secret, hash: hash), Crypto.equal(key.code(over: signingInput), signature) else { return false }
        let seconds = Double(now.milliseconds) / 1000
        if let expiry = claims["exp"], (expiry.double ?? -1) <= seconds - 1 { return false }
        if let start = claims["nbf"], (start.double ?? .infinity) > seconds + 1 { return false }
        return bindings.allSatisfy { binding in
            switch binding {
            case .bodySHA256(let name): holds(name, Crypto.sha256(request.body))
            case .urlSHA256(let name): holds(name, Crypto.sha256(Bytes(request.url.utf8)))
            case .text(let name, let text): claims[name]?.string == text
            case .present(let name): claims[name] != nil
            }
        }
    }

    func claim(_ name: String) -> String? { claims[name]?.scalarText }

    private func holds(_ name: String, _ digest: Bytes) -> Bool {
        claims[name]?.string.map { Crypto.equal(Bytes($0.utf8), Hex.encode(digest)) } ?? false
    }
}
