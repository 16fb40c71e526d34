import Glibc

extension String {
    /// A provider's event id as it stands in an idempotency key: a digest where it may have a person's address in it (Postmark, Brevo,
    /// Mailchimp). Keys are plain in the store whatever is encrypted, and outlive the payload.
    var keyText: String {
        guard has(UInt8(ascii: "@")) else { return self }
        return "sha256-" + String(decoding: Hex.encode(Crypto.sha256(Bytes(utf8))), as: UTF8.self)
    }

    /// Whether that byte stands in it.
    func has(_ byte: UInt8) -> Bool {
        utf8.span.withUnsafeBufferPointer { text in text.baseAddress.map { memchr($0, Int32(byte), text.count) != nil } ?? false }
    }

    /// An idempotency key that an older version wrote, as it would be written now.
    var keyWithoutAddress: String {
        guard has(UInt8(ascii: "@")) else { return self }
        let parts = split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        return parts.count == 3 ? "\(parts[0]):\(parts[1]):\(String(parts[2]).keyText)" : keyText
    }
}
