import COpenSSL

/// An X.509 certificate (RFC 5280). Owns its `X509` and frees it once; not shared between threads.
final class Certificate {
    fileprivate let handle: OpaquePointer

    private init(owning handle: OpaquePointer) { self.handle = handle }

    deinit { X509_free(handle) }

    /// A leaf, its intermediates, and some to spare.
    private static let mostInPEM = 8
    private static let mostPEMBytes = 64 << 10

    /// Every certificate in the text, in order, up to the first that cannot be read. Text round them is skipped, as PEM allows.
    static func all(inPEM text: String) -> [Certificate] {
        let bytes = Bytes(text.utf8.prefix(mostPEMBytes))
        return bytes.withUnsafeBytes { buffer in
            guard let source = BIO_new_mem_buf(buffer.baseAddress, Int32(buffer.count)) else { return [] }
            defer {
                BIO_free(source)
                ERR_clear_error()  // the end of the text is an error to libcrypto
            }
            var found: [Certificate] = []
            // Without a callback of ours, libcrypto would ask the terminal for an encrypted PEM's pass phrase.
            while found.count < mostInPEM, let handle = PEM_read_bio_X509(source, nil, { _, _, _, _ in -1 }, nil) {
                found.append(Certificate(owning: handle))
            }
            return found
        }
    }

    // MARK: What it says

    /// The subject's common names and the DNS names among its alternative names, in lower case.
    var names: [String] { commonNames + alternativeNames }

    private var commonNames: [String] {
        guard let subject = X509_get_subject_name(handle) else { return [] }
        var names: [String] = []
        var place = X509_NAME_get_index_by_NID(subject, NID_commonName, -1)
        while place >= 0 {
            if let entry = X509_NAME_get_entry(subject, place), let data = X509_NAME_ENTRY_get_data(entry) { names += Self.name(data) }
            place = X509_NAME_get_index_by_NID(subject, NID_commonName, place)
        }
        return names
    }

    private var alternativeNames: [String] {
        guard let list = X509_get_ext_d2i(handle, NID_subject_alt_name, nil, nil) else { return [] }
        let stack = OpaquePointer(list)
        defer { GENERAL_NAMES_free(stack) }
        return (0..<OPENSSL_sk_num(stack)).flatMap { place -> [String] in
            guard let entry = OPENSSL_sk_value(stack, place) else { return [] }
            var kind: Int32 = 0
            let value = GENERAL_NAME_get0_value(entry.assumingMemoryBound(to: GENERAL_NAME.self), &kind)
            guard kind == GEN_DNS, let value else { return [] }
            return Self.name(value.assumingMemoryBound(to: ASN1_STRING.self))
        }
    }

    /// Nothing for a name with any byte that no host has: a NUL has ended names too early before.
    private static func name(_ string: UnsafePointer<ASN1_STRING>) -> [String] {
        guard let start = ASN1_STRING_get0_data(string) else { return [] }
        let bytes = UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(string))).map(ASCII.lowercased)
        let plain = bytes.allSatisfy { ASCII.isDigit($0) || $0 &- 0x61 < 26 || [0x2D, 0x2E, 0x2A].contains($0) }
        return plain ? [String(decoding: bytes, as: UTF8.self)] : []
    }

    /// Bits of its RSA key; nil for any other kind.
    var rsaBits: Int? {
        guard let key = X509_get0_pubkey(handle), EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA else { return nil }
        return Int(EVP_PKEY_get_bits(key))
    }

    /// When it stops being valid; nil where that cannot be read.
    var end: Timestamp? {
        var days: Int32 = 0
        var seconds: Int32 = 0
        guard let epoch = ASN1_TIME_set(nil, 0) else { return nil }
        defer { ASN1_STRING_free(epoch) }
        guard ASN1_TIME_diff(&days, &seconds, epoch, X509_get0_notAfter(handle)) == 1 else { return nil }
        return Timestamp(milliseconds: (Int64(days) * 86_400 + Int64(seconds)) * 1000)
    }

    func isValid(at moment: Timestamp) -> Bool {
        var time = time_t(moment.milliseconds / 1000)
        return X509_cmp_time(X509_get0_notBefore(handle), &time) < 0 && X509_cmp_time(X509_get0_notAfter(handle), &time) > 0
    }

    // MARK: What it proves

    /// Whether the signature (RSASSA-PKCS1-v1_5 for an RSA key) is its key's over the message. Anything malformed is a no.
    func verifies(_ signature: Bytes, over message: Bytes, _ hash: HMACKey.Hash) -> Bool {
        guard let key = X509_get0_pubkey(handle), let context = EVP_MD_CTX_new() else { return false }
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        guard EVP_DigestVerifyInit(context, nil, hash.algorithm, nil, key) == 1 else { return false }
        return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    /// Why no chain leads from this certificate through the intermediates to an anchor; nil when one does, valid at that moment.
    /// Only the anchors are trusted: the system's store is not looked at. Keys and digests have at least 112 bits (OpenSSL's level 2).
    func chainFault(through intermediates: [Certificate], to anchors: [Certificate], at moment: Timestamp) -> String? {
        let (store, context, untrusted) = (X509_STORE_new(), X509_STORE_CTX_new(), OPENSSL_sk_new_null())
        defer {  // in this order; each takes a null
            X509_STORE_CTX_free(context)
            X509_STORE_free(store)
            OPENSSL_sk_free(untrusted)  // the stack alone; its certificates are ours
            ERR_clear_error()
        }
        guard let store, let context, let untrusted else { return "out of memory" }
        for anchor in anchors { X509_STORE_add_cert(store, anchor.handle) }
        for certificate in intermediates { OPENSSL_sk_push(untrusted, UnsafeRawPointer(certificate.handle)) }
        guard X509_STORE_CTX_init(context, store, handle, untrusted) == 1, let rules = X509_STORE_CTX_get0_param(context) else {
            return "libcrypto cannot begin"
        }
        X509_VERIFY_PARAM_set_time(rules, time_t(moment.milliseconds / 1000))
        X509_VERIFY_PARAM_set_auth_level(rules, 2)
        X509_VERIFY_PARAM_set_depth(rules, 4)
        // An operator may trust an intermediate itself.
        X509_VERIFY_PARAM_set_flags(rules, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        // The handles above are borrowed: they must outlive the call.
        return withExtendedLifetime((anchors, intermediates)) {
            if X509_verify_cert(context) == 1 { return nil }
            let fault = X509_STORE_CTX_get_error(context)
            return fault == X509_V_OK ? "not verified" : String(cString: X509_verify_cert_error_string(Int(fault)))
        }
    }
}
