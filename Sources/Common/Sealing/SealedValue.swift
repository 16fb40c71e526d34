/// How a sealed value lies in its column: five bytes that no JSON and no header begins with, the key's id, the nonce, ciphertext and tag.
enum SealedValue {
    static let magic: Bytes = [0, 0x47, 0x50, 0x53, 1]
    static let idSize = 4
    static let overhead = magic.count + idSize + XAES.nonceSize + XAES.tagSize

    /// Nil where the value is plain.
    static func keyID(of value: Bytes) -> String? {
        guard value.count >= overhead, value.starts(with: magic) else { return nil }
        return String(decoding: Hex.encode(value[magic.count..<magic.count + idSize]), as: UTF8.self)
    }

    static func nonce(of value: Bytes) -> Bytes {
        let begin = magic.count + idSize
        return Bytes(value[begin..<begin + XAES.nonceSize])
    }

    static func sealed(in value: Bytes) -> ArraySlice<UInt8> { value[(magic.count + idSize + XAES.nonceSize)...] }

    /// What `webhook_event.headers` says of a sealed row. Plain ones hold a JSON object.
    static let mark = "sealed:"

    static func keyID(inMark headers: Bytes) -> String? {
        headers.starts(with: mark.utf8) ? String(decoding: headers.dropFirst(mark.utf8.count), as: UTF8.self) : nil
    }
}
