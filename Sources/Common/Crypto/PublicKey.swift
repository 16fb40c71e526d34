import COpenSSL

/// Somebody's public key. Owns its `EVP_PKEY` and frees it once.
///
/// `@unchecked Sendable`: set up in `init` and only read afterwards; each check makes a context of its own.
public final class PublicKey: @unchecked Sendable {
    private let key: OpaquePointer
    private let digest: OpaquePointer?

    /// 32 bytes (RFC 8032), or the same as hex or base 64, as dashboards show them.
    public convenience init(ed25519 text: Bytes) throws(SecretError) {
        let candidates = [text.count == 64 ? Hex.decode(text) : nil, Base64.decode(text), text.count == 32 ? text : nil]
        guard let raw = candidates.compactMap({ $0 }).first(where: { $0.count == 32 }),
            let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, raw, raw.count)
        else { throw SecretError(description: "expected an Ed25519 public key, 32 bytes as hex or base 64") }
        self.init(key, digest: nil)
    }

    /// A SubjectPublicKeyInfo (RFC 5280) as base 64 of DER, with or without PEM's lines round it.
    public convenience init(subjectPublicKeyInfo text: Bytes) throws(SecretError) {
        let lines = text.split { $0 == 0x0A || $0 == 0x0D }.filter { !$0.starts(with: "-----".utf8) }
        guard let der = Base64.decode(Bytes(lines.joined())), let key = Self.decode(der) else {
            throw SecretError(description: "expected a public key as PEM, or its base 64 alone")
        }
        self.init(key, digest: EVP_sha256())
    }

    private init(_ key: OpaquePointer, digest: OpaquePointer?) {
        self.key = key
        self.digest = digest
    }

    deinit { EVP_PKEY_free(key) }

    private static func decode(_ der: Bytes) -> OpaquePointer? {
        der.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            return d2i_PUBKEY(nil, &start, buffer.count)
        }
    }

    /// Whether the signature is this key's over the message. Anything malformed is a no.
    public func verifies(_ signature: Bytes, over message: Bytes) -> Bool {
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestVerifyInit(context, nil, digest, nil, key) == 1 else { return false }
        let verdict = EVP_DigestVerify(context, signature, signature.count, message, message.count)
        ERR_clear_error()  // a wrong signature leaves its errors in this thread's queue
        return verdict == 1
    }
}
