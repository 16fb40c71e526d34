/// The address of a signing certificate, as a request names it: judged before anybody looks it up, let alone fetches it.
///
/// Strict on purpose: `https`, a host of plain letters, digits, dashes and dots, port 443. No user, no escapes in the host, no backslash: what
/// two URL readers could read differently is refused.
struct CertificateURL {
    let text: String
    /// In lower case.
    let host: String
    /// With the query, if there is one.
    let path: String

    init?(_ text: Bytes, longest: Int = 512) {
        let start = Bytes("https://".utf8)
        guard text.count <= longest, text.starts(with: start), text.allSatisfy({ (0x21...0x7E).contains($0) }),
            !text.contains(UInt8(ascii: "\\")), !text.contains(UInt8(ascii: "#"))
        else { return nil }
        let rest = text.dropFirst(start.count)
        let authority = rest.prefix { $0 != UInt8(ascii: "/") }
        guard authority.count < rest.count else { return nil }
        let parts = authority.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 1 || parts.count == 2 && parts[1].elementsEqual("443".utf8) else { return nil }
        let labels = parts[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.allSatisfy({ !$0.isEmpty && $0.allSatisfy(Self.isHostByte) }) else { return nil }
        self.text = String(decoding: text, as: UTF8.self)
        host = String(decoding: parts[0].map(ASCII.lowercased), as: UTF8.self)
        path = String(decoding: rest.dropFirst(authority.count), as: UTF8.self)
    }

    /// `eu-central-1`, `us-gov-west-1`: two letters, then words of letters, then a number. Neither `s3` nor `s3-us-west-2` is one: the
    /// `sns` below them would be anybody's bucket.
    private static func isRegion(_ label: String) -> Bool {
        let words = label.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard (3...5).contains(words.count), words[0].count == 2, words.allSatisfy({ !$0.isEmpty }) else { return false }
        return words.dropLast().allSatisfy { $0.allSatisfy { (0x61...0x7A).contains($0) } }
            && words[words.count - 1].allSatisfy(ASCII.isDigit)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        ASCII.isDigit(byte) || ASCII.lowercased(byte) &- 0x61 < 26 || byte == UInt8(ascii: "-")
    }

    /// `paypal.com` or a name below it.
    var isPayPal: Bool { host == "paypal.com" || host.hasSuffix(".paypal.com") }

    /// A PEM file of Amazon SNS.
    var isSNS: Bool { isSNSHost && path.hasSuffix(".pem") && !path.contains("?") }

    /// `sns.<region>.amazonaws.com` or `.com.cn`.
    var isSNSHost: Bool {
        let labels = host.split(separator: ".").map(String.init)
        let ends =
            labels.dropFirst(2).elementsEqual(["amazonaws", "com"]) || labels.dropFirst(2).elementsEqual(["amazonaws", "com", "cn"])
        return labels.first == "sns" && labels.count >= 4 && Self.isRegion(labels[1]) && ends
    }
}
