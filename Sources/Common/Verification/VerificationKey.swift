/// One way to read one secret, made ready for its scheme.
public enum VerificationKey: Sendable {
    case hmac(HMACKey)
    /// For what hashes or compares the secret itself.
    case text(Bytes)
    case publicKey(PublicKey)
}

/// A secret that cannot be what the provider gave out. Says what is wrong, never the secret.
public struct SecretError: Error, Equatable, CustomStringConvertible {
    public let description: String
}

extension Scheme {
    /// Every key that a secret may stand for; usually one.
    public func keys(from secret: Bytes) throws(SecretError) -> [VerificationKey] {
        var keys: [VerificationKey] = []
        for bytes in try readings(of: secret) {
            do {
                switch algorithm {
                case .hmac(let hash): keys.append(.hmac(try HMACKey(bytes, hash: hash)))
                case .ed25519: keys.append(.publicKey(try PublicKey(ed25519: bytes)))
                case .ecdsaP256: keys.append(.publicKey(try PublicKey(subjectPublicKeyInfo: bytes)))
                case .digest, .anyDigest, .token, .basic, .jwt, .certificate, .none: keys.append(.text(bytes))
                }
            } catch let error as CryptoError {
                throw SecretError(description: error.description)
            } catch {
                throw SecretError(description: "\(error)")
            }
        }
        return keys
    }

    /// The same for a secret that is to be relied on: anybody can sign with nothing.
    public func reliableKeys(from secret: Bytes) throws(SecretError) -> [VerificationKey] {
        guard try readings(of: secret).allSatisfy({ !$0.isEmpty }) else {
            throw SecretError(description: "nothing is left of it once it is decoded; is all of it there?")
        }
        return try keys(from: secret)
    }

    private func readings(of secret: Bytes) throws(SecretError) -> [Bytes] {
        switch secretForm {
        case .text: return [secret]
        case .textOrVerifyToken: return secret.starts(with: "verify:".utf8) ? [] : [secret]
        case .hex:
            guard let bytes = Hex.decode(secret) else { throw SecretError(description: "expected hex digits") }
            return [bytes]
        case .base64:
            guard let bytes = Base64.decode(secret) else { throw SecretError(description: "expected base 64") }
            return [bytes]
        case .standardWebhooks:
            guard let bytes = Self.afterPrefix(secret) else { throw SecretError(description: "expected whsec_ and base 64") }
            return [bytes]
        case .standardWebhooksOrText:
            guard secret.starts(with: "whsec_".utf8) else { return [secret] }
            guard let bytes = Self.afterPrefix(secret) else { throw SecretError(description: "expected base 64 behind whsec_") }
            return [bytes]
        case .textAndStandardWebhooks: return [secret] + (Self.afterPrefix(secret).map { $0.isEmpty ? [] : [$0] } ?? [])
        case .htmlDecoded: return [Self.htmlDecoded(secret)]
        case .sha1: return [Crypto.digest(secret.split(separator: UInt8(ascii: ":")).last.map(Bytes.init) ?? secret, .sha1)]
        }
    }

    private static func afterPrefix(_ secret: Bytes) -> Bytes? {
        Base64.decode(secret.starts(with: "whsec_".utf8) ? secret.dropFirst(6) : secret[...])
    }

    /// `wp_specialchars_decode(…, ENT_QUOTES)` of WordPress: each entity once, from left to right.
    private static func htmlDecoded(_ secret: Bytes) -> Bytes {
        let entities: [(String, UInt8)] = [
            ("&quot;", 0x22), ("&#34;", 0x22), ("&#x22;", 0x22), ("&#039;", 0x27), ("&#39;", 0x27), ("&#x27;", 0x27), ("&apos;", 0x27),
            ("&lt;", 0x3C), ("&#60;", 0x3C), ("&#x3c;", 0x3C), ("&gt;", 0x3E), ("&#62;", 0x3E), ("&#x3e;", 0x3E), ("&amp;", 0x26),
            ("&#38;", 0x26), ("&#x26;", 0x26),
        ]
        var decoded = Bytes()
        var rest = secret[...]
        while !rest.isEmpty {
            if let (entity, byte) = entities.first(where: { rest.starts(with: $0.0.utf8) }) {
                decoded.append(byte)
                rest = rest.dropFirst(entity.utf8.count)
            } else {
                decoded.append(rest.removeFirst())
            }
        }
        return decoded
    }
}

extension Provider {
    /// False of a text among the secrets that signs nothing, see `Scheme.SecretForm.textOrVerifyToken`.
    public func isSigned(with secret: Secret) -> Bool { !schemes.allSatisfy { (try? $0.keys(from: secret.bytes))?.isEmpty == true } }
}
