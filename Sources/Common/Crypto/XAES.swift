import COpenSSL

/// XAES-256-GCM (C2SP, https://c2sp.org/XAES-256-GCM): AES-256-GCM, each message under a key of its own that is derived from the first half
/// of a random nonce of 192 bits. With one key and random nonces of 96 bits NIST SP 800-38D, 8.3, allows 2^32 messages, which a busy
/// gateway could reach; here it is 2^80.
///
/// One thread's at a time: its contexts are used anew for each message.
final class XAES {
    static let keySize = 32
    static let nonceSize = 24
    static let tagSize = 16

    private let block: OpaquePointer
    private let gcm: OpaquePointer
    /// CMAC's first subkey (RFC 4493, 2.3).
    private let mask: Bytes

    init(_ key: Bytes) throws(CryptoError) {
        precondition(key.count == Self.keySize)
        guard let block = EVP_CIPHER_CTX_new() else { throw .unavailable("AES-256") }
        guard let gcm = EVP_CIPHER_CTX_new() else {
            EVP_CIPHER_CTX_free(block)
            throw .unavailable("AES-256-GCM")
        }
        let ready =
            EVP_EncryptInit_ex(block, EVP_aes_256_ecb(), nil, key, nil) == 1 && EVP_CIPHER_CTX_set_padding(block, 0) == 1
            && EVP_EncryptInit_ex(gcm, EVP_aes_256_gcm(), nil, nil, nil) == 1
        guard ready else {
            EVP_CIPHER_CTX_free(block)
            EVP_CIPHER_CTX_free(gcm)
            throw .unavailable("AES-256-GCM")
        }
        (self.block, self.gcm) = (block, gcm)
        mask = Self.doubled(Self.encrypt(Bytes(repeating: 0, count: 16), with: block))
    }

    deinit {
        EVP_CIPHER_CTX_free(block)
        EVP_CIPHER_CTX_free(gcm)
    }

    /// Appends ciphertext and tag of the parts one after another, as if they were one message.
    func seal(_ parts: [Bytes], nonce: Bytes, associated: Bytes, into output: inout Bytes) {
        start(nonce, encrypt: true)
        add(associated)
        let begin = output.count
        output.append(contentsOf: repeatElement(0, count: parts.reduce(Self.tagSize) { $0 + $1.count }))
        output.withUnsafeMutableBytes { buffer in
            var at = buffer.baseAddress! + begin
            for part in parts where !part.isEmpty {
                var count: Int32 = 0
                let done = EVP_EncryptUpdate(gcm, at.assumingMemoryBound(to: UInt8.self), &count, part, Int32(part.count))
                precondition(done == 1 && Int(count) == part.count, "EVP_EncryptUpdate failed")
                at += part.count
            }
            var rest: Int32 = 0
            let tag = at.assumingMemoryBound(to: UInt8.self)
            precondition(EVP_EncryptFinal_ex(gcm, tag, &rest) == 1 && rest == 0, "EVP_EncryptFinal_ex failed")
            let got = EVP_CIPHER_CTX_ctrl(gcm, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagSize), tag)
            precondition(got == 1, "no tag")
        }
    }

    /// Nil where ciphertext, tag, nonce or what is associated is not as it was sealed.
    func open(_ sealed: ArraySlice<UInt8>, nonce: Bytes, associated: Bytes) -> Bytes? {
        guard sealed.count >= Self.tagSize else { return nil }
        start(nonce, encrypt: false)
        add(associated)
        let cipher = sealed.dropLast(Self.tagSize)
        var tag = Bytes(sealed.suffix(Self.tagSize))
        var plain = Bytes(repeating: 0, count: cipher.count)
        var count: Int32 = 0
        if !cipher.isEmpty {
            let done = cipher.withUnsafeBufferPointer { EVP_DecryptUpdate(gcm, &plain, &count, $0.baseAddress, Int32($0.count)) }
            precondition(done == 1 && Int(count) == cipher.count, "EVP_DecryptUpdate failed")
        }
        guard EVP_CIPHER_CTX_ctrl(gcm, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagSize), &tag) == 1 else { return nil }
        var rest = Bytes(repeating: 0, count: 16)
        return EVP_DecryptFinal_ex(gcm, &rest, &count) == 1 ? plain : nil
    }

    private func start(_ nonce: Bytes, encrypt: Bool) {
        precondition(nonce.count == Self.nonceSize)
        var input = Bytes()
        input.reserveCapacity(32)
        for counter in [UInt8(1), 2] {
            input += [0, counter, 0x58, 0]
            input += nonce[..<12]
        }
        for place in input.indices { input[place] ^= mask[place % 16] }
        let key = Self.encrypt(input, with: block)
        let done = nonce[12...].withUnsafeBufferPointer { EVP_CipherInit_ex(gcm, nil, nil, key, $0.baseAddress, encrypt ? 1 : 0) }
        precondition(done == 1, "EVP_CipherInit_ex failed")
    }

    private func add(_ associated: Bytes) {
        guard !associated.isEmpty else { return }
        var count: Int32 = 0
        precondition(EVP_CipherUpdate(gcm, nil, &count, associated, Int32(associated.count)) == 1, "EVP_CipherUpdate failed")
    }

    private static func encrypt(_ blocks: Bytes, with context: OpaquePointer) -> Bytes {
        var output = Bytes(repeating: 0, count: blocks.count)
        var count: Int32 = 0
        let done = EVP_EncryptUpdate(context, &output, &count, blocks, Int32(blocks.count))
        precondition(done == 1 && Int(count) == blocks.count, "EVP_EncryptUpdate failed")
        return output
    }

    /// Multiplied by x in GF(2^128).
    private static func doubled(_ block: Bytes) -> Bytes {
        var result = Bytes(repeating: 0, count: 16)
        var carry: UInt8 = 0
        for place in block.indices.reversed() {
            result[place] = block[place] << 1 | carry
            carry = block[place] >> 7
        }
        result[15] ^= carry * 0x87
        return result
    }
}
