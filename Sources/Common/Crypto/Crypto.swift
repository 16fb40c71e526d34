import COpenSSL

/// What libcrypto could not do; it happens when memory is out or the library's configuration forbids an algorithm.
public enum CryptoError: Error, CustomStringConvertible {
    case unavailable(String)

    public var description: String {
        switch self {
        case .unavailable(let what): "libcrypto cannot provide \(what); check /etc/ssl/openssl.cnf and the FIPS settings"
        }
    }
}

extension CryptoError {
    /// What libcrypto noted last on this thread, in brackets; empty where it noted nothing.
    static var lastFault: String {
        let fault = ERR_peek_last_error()
        ERR_clear_error()
        guard fault != 0 else { return "" }
        var text = [CChar](repeating: 0, count: 256)
        ERR_error_string_n(fault, &text, text.count)
        return " (\(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)))"
    }
}

public enum Crypto {
    /// Compares in a time that depends on the lengths alone. A length is no secret: it follows from the algorithm.
    public static func equal(_ left: Bytes, _ right: Bytes) -> Bool {
        left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
    }

    public static func sha256(_ bytes: some Collection<UInt8>) -> Bytes { digest(bytes, .sha256) }

    public static func digest(_ bytes: some Collection<UInt8>, _ hash: HMACKey.Hash) -> Bytes {
        var digest = Bytes(repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var size: UInt32 = 0
        let done = bytes.withContiguousStorageIfAvailable {
            EVP_Digest($0.baseAddress, $0.count, &digest, &size, hash.algorithm, nil)
        }
        guard let done else { return self.digest(Array(bytes), hash) }
        precondition(done == 1, "libcrypto has no \(hash.rawValue)")
        return Bytes(digest.prefix(Int(size)))
    }

    /// Bytes for keys and ids from the system's generator (RAND_bytes).
    public static func random(_ count: Int) -> Bytes {
        var bytes = Bytes(repeating: 0, count: count)
        precondition(RAND_bytes(&bytes, Int32(count)) == 1, "libcrypto has no randomness")
        return bytes
    }
}
