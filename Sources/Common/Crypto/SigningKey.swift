import COpenSSL

/// An Ed25519 private key (RFC 8032).
public struct SigningKey: Sendable, Equatable {
    private let seed: Secret

    /// PKCS #8 as `openssl genpkey -algorithm ed25519` writes it, or the base 64 alone, or base 64 of the 32 bytes.
    public init(ed25519 text: String) throws(SecretError) {
        let lines = Bytes(text.utf8).split { $0 == 0x0A || $0 == 0x0D }.filter { !$0.starts(with: "-----".utf8) }
        guard let bytes = Base64.decode(Bytes(lines.joined())) else { throw Self.expectation }
        switch bytes.count {
        case 32: seed = Secret(bytes)
        case Self.wrapping.count + 32 where bytes.starts(with: Self.wrapping): seed = Secret(Bytes(bytes.suffix(32)))
        default: throw Self.expectation
        }
    }

    /// Version 0, the algorithm's id 1.3.101.112, and an octet string in an octet string (RFC 8410, section 7).
    private static let wrapping: Bytes = [0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20]
    private static let expectation = SecretError(
        description: "expected an Ed25519 private key, as openssl genpkey -algorithm ed25519 makes it")

    /// 64 bytes.
    public func signature(over message: Bytes) throws(CryptoError) -> Bytes {
        guard let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed.bytes, seed.bytes.count) else {
            throw .unavailable("Ed25519")
        }
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_MD_CTX_new() else { throw .unavailable("Ed25519") }
        defer { EVP_MD_CTX_free(context) }
        var signature = Bytes(repeating: 0, count: 64)
        var count = signature.count
        guard EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
            EVP_DigestSign(context, &signature, &count, message, message.count) == 1, count == 64
        else { throw .unavailable("Ed25519") }
        return signature
    }
}
