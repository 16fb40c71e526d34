import COpenSSL

/// A key made ready for HMAC (RFC 2104), so that a message costs only its own bytes.
///
/// `@unchecked Sendable`: the context is set up in `init` and only read afterwards; each message works on a copy of it
/// (EVP_MAC_CTX_dup reads its source, OpenSSL's manual EVP_MAC(3)).
public final class HMACKey: @unchecked Sendable {
    /// MD5 and SHA-1 are as strong in HMAC as their providers need (RFC 6151, section 2.3); we choose neither ourselves.
    public enum Hash: String, Sendable, CaseIterable {
        case md5 = "MD5", sha1 = "SHA1", sha256 = "SHA256", sha384 = "SHA384", sha512 = "SHA512"

        var algorithm: OpaquePointer? {
            switch self {
            case .md5: EVP_md5()
            case .sha1: EVP_sha1()
            case .sha256: EVP_sha256()
            case .sha384: EVP_sha384()
            case .sha512: EVP_sha512()
            }
        }
    }

    private let keyed: OpaquePointer

    public init(_ key: Bytes, hash: Hash = .sha256) throws(CryptoError) {
        guard let algorithm = EVP_MAC_fetch(nil, "HMAC", nil) else { throw .unavailable("HMAC") }
        defer { EVP_MAC_free(algorithm) }
        guard let context = EVP_MAC_CTX_new(algorithm) else { throw .unavailable("HMAC") }
        // A short key is filled up with zeroes (RFC 2104, section 2), so that none is the same as one zero; libcrypto refuses none.
        let key = key.isEmpty ? [0] : key
        var name = Array(hash.rawValue.utf8CString)
        let ready = name.withUnsafeMutableBufferPointer { name in
            let parameters = [
                OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.baseAddress, 0), OSSL_PARAM_construct_end(),
            ]
            return EVP_MAC_init(context, key, key.count, parameters)
        }
        guard ready == 1 else {
            EVP_MAC_CTX_free(context)
            throw .unavailable("HMAC with \(hash.rawValue)")
        }
        keyed = context
    }

    deinit { EVP_MAC_CTX_free(keyed) }

    /// The code over the parts one after another, as if they were one message.
    public func code(over parts: [ArraySlice<UInt8>]) -> Bytes {
        guard let context = EVP_MAC_CTX_dup(keyed) else { preconditionFailure("out of memory in EVP_MAC_CTX_dup") }
        defer { EVP_MAC_CTX_free(context) }
        for part in parts {
            let done = part.withUnsafeBufferPointer { EVP_MAC_update(context, $0.baseAddress, $0.count) }
            precondition(done == 1, "EVP_MAC_update failed")
        }
        var code = Bytes(repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count = 0
        precondition(EVP_MAC_final(context, &code, &count, code.count) == 1, "EVP_MAC_final failed")
        code.removeLast(code.count - count)
        return code
    }

    public func code(over message: Bytes) -> Bytes { code(over: [message[...]]) }
}
