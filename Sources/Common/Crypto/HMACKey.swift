import COpenSSL
import Synchronization

/// A key made ready for HMAC (RFC 2104), so that a message costs only its own bytes.
///
/// `@unchecked Sendable`: `keyed` is set up in `init` and only read afterwards (EVP_MAC_CTX_dup reads its source, OpenSSL's manual
/// EVP_MAC(3)); each message has a copy of it for itself, which waits in `idle` for the next one.
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
    /// To copy one costs eleven allocations. As many as were ever at work at once.
    private let idle = Mutex<[Context]>([])

    /// `@unchecked Sendable`: who took it out of `idle` has it alone.
    private struct Context: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    public init(_ key: Bytes, hash: Hash = .sha256) throws(CryptoError) {
        guard let algorithm = EVP_MAC_fetch(nil, "HMAC", nil) else { throw .unavailable("HMAC") }
        defer { EVP_MAC_free(algorithm) }
        guard let context = EVP_MAC_CTX_new(algorithm) else { throw .unavailable("HMAC") }
        // A short key is filled up with zeroes (RFC 2104, section 2), so that none is the same as one zero; libcrypto refuses none.
        let key = key.isEmpty ? [0] : key
        // OSSL_PARAM keeps both pointers until EVP_MAC_init reads them; that of a Swift text ends with the call that it is given to.
        var name = Array(hash.rawValue.utf8CString)
        let ready = Array(OSSL_MAC_PARAM_DIGEST.utf8CString).withUnsafeBufferPointer { parameter in
            name.withUnsafeMutableBufferPointer { name in
                let parameters = [
                    OSSL_PARAM_construct_utf8_string(parameter.baseAddress, name.baseAddress, 0), OSSL_PARAM_construct_end(),
                ]
                return EVP_MAC_init(context, key, key.count, parameters)
            }
        }
        guard ready == 1 else {
            EVP_MAC_CTX_free(context)
            throw .unavailable("HMAC with \(hash.rawValue)\(CryptoError.lastFault)")
        }
        keyed = context
    }

    deinit {
        for context in idle.withLock({ $0 }) { EVP_MAC_CTX_free(context.pointer) }
        EVP_MAC_CTX_free(keyed)
    }

    /// The code over the parts one after another, as if they were one message.
    public func code(over parts: [ArraySlice<UInt8>]) -> Bytes {
        let context = ready()
        defer { idle.withLock { $0.append(context) } }
        return Self.code(over: parts, by: context.pointer)
    }

    private static func code(over parts: [ArraySlice<UInt8>], by context: OpaquePointer) -> Bytes {
        for part in parts {
            let done = part.withUnsafeBufferPointer { EVP_MAC_update(context, $0.baseAddress, $0.count) }
            precondition(done == 1, "EVP_MAC_update failed")
        }
        var code = Bytes()
        code.append(addingCapacity: Int(EVP_MAX_MD_SIZE)) { span in
            span.withUnsafeMutableBufferPointer { code, count in
                precondition(EVP_MAC_final(context, code.baseAddress, &count, code.count) == 1, "EVP_MAC_final failed")
            }
        }
        return code
    }

    /// A context that has seen the key and nothing else.
    private func ready() -> Context {
        if let context = idle.withLock({ $0.popLast() }) {
            if Self.canRestart, EVP_MAC_init(context.pointer, nil, 0, nil) == 1 { return context }
            EVP_MAC_CTX_free(context.pointer)
        }
        guard let context = EVP_MAC_CTX_dup(keyed) else { preconditionFailure("out of memory in EVP_MAC_CTX_dup") }
        return Context(pointer: context)
    }

    /// Whether EVP_MAC_init without a key begins anew with the key that was there. Before OpenSSL 3.0.3 it did nothing, said that it had,
    /// and the next code was wrong: https://github.com/openssl/openssl/issues/17811. So it is tried once.
    private static let canRestart: Bool = {
        guard let key = try? HMACKey([1]), let context = EVP_MAC_CTX_dup(key.keyed) else { return false }
        defer { EVP_MAC_CTX_free(context) }
        let first = code(over: [[2]], by: context)
        return EVP_MAC_init(context, nil, 0, nil) == 1 && code(over: [[2]], by: context) == first
    }()

    public func code(over message: Bytes) -> Bytes { code(over: [message[...]]) }
}
