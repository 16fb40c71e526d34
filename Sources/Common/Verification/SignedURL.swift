import Foundation

/// The forms in which providers sign a URL.
enum SignedURL {
    static func text(of url: String, _ rule: Scheme.URLRule) -> Bytes {
        switch rule {
        case .asCalled, .withAndWithoutPort: Bytes(url.utf8)
        case .decoding(let escapes): decoding(escapes, in: Bytes(url.utf8))
        }
    }

    private static func decoding(_ escapes: Set<String>, in url: Bytes) -> Bytes {
        guard url.contains(UInt8(ascii: "%")) else { return url }
        var decoded = Bytes()
        var at = 0
        while at < url.count {
            if url[at] == UInt8(ascii: "%"), at + 2 < url.count,
                escapes.contains(String(decoding: url[at + 1...at + 2], as: UTF8.self).uppercased()),
                let byte = Hex.decode(url[at + 1...at + 2])
            {
                decoded += byte
                at += 3
            } else {
                decoded.append(url[at])
                at += 1
            }
        }
        return decoded
    }

    /// The URL as it is, and with its port taken out or the scheme's own put in (twilio-python 9.13.0, `request_validator.py`).
    static func withAndWithoutPort(_ url: String) -> [String] {
        guard let scheme = url.range(of: "://") else { return [url] }
        let rest = url[scheme.upperBound...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = rest[..<end]
        let port = authority.lastIndex(of: ":").flatMap { colon in
            authority[authority.index(after: colon)...].allSatisfy(\.isNumber) ? colon : nil
        }
        let host = port.map { authority[..<$0] } ?? authority
        let own = url.hasPrefix("https:") ? "443" : "80"
        let number = port.map { authority[authority.index(after: $0)...] } ?? Substring(own)
        return ["\(url[..<scheme.upperBound])\(host)\(rest[end...])", "\(url[..<scheme.upperBound])\(host):\(number)\(rest[end...])"]
    }

    /// Path and query as Contentful's toolkit normalises them: the query is escaped, and then path and query are encoded once more.
    static func contentfulPath(of url: String) -> Bytes {
        guard let scheme = url.range(of: "://"), let slash = url[scheme.upperBound...].firstIndex(of: "/") else { return Bytes("/".utf8) }
        let target = url[slash...]
        guard let mark = target.firstIndex(of: "?") else { return encoded(Bytes(target.utf8), keeping: uriCharacters) }
        let query = encoded(Bytes(target[target.index(after: mark)...].utf8), keeping: queryCharacters)
        return encoded(Bytes(target[..<mark].utf8) + Bytes("?".utf8) + query, keeping: uriCharacters)
    }

    /// JavaScript's `encodeURI` and Node's `querystring.escape`.
    private static let uriCharacters = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'();/?:@&=+$,#".utf8)
    private static let queryCharacters = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()".utf8)

    private static func encoded(_ text: Bytes, keeping kept: Set<UInt8>) -> Bytes {
        text.flatMap { byte -> Bytes in
            kept.contains(byte) ? [byte] : Bytes("%".utf8) + Hex.encode([byte]).map { $0 >= 0x61 ? $0 - 0x20 : $0 }
        }
    }

    /// Scheme, host and path, then the query decoded and sorted by key, then `.` where form fields follow a query (plivo-python 4.63.0,
    /// `signature_v3.py`; without a query they follow a bare `?`).
    static func plivo(_ url: String, hasFields: Bool) -> Bytes {
        let parts = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let fields = parts.count == 2 ? FormFields(Bytes(parts[1].utf8))?.fields ?? [] : []
        guard !fields.isEmpty else { return Bytes(parts[0].utf8) + Bytes((hasFields ? "?" : "").utf8) }
        let sorted = fields.sorted { left, right in
            left.name == right.name ? left.value.lexicographicallyPrecedes(right.value) : left.name.lexicographicallyPrecedes(right.name)
        }
        let pairs = sorted.map { $0.name + [UInt8(ascii: "=")] + $0.value }
        return Bytes(parts[0].utf8) + [UInt8(ascii: "?")] + pairs.joined(separator: [UInt8(ascii: "&")])
            + (hasFields ? [UInt8(ascii: ".")] : [])
    }
}

/// CRC-32 (ISO 3309, as in zlib and PNG).
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { start in
        (0..<8).reduce(UInt32(start)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
    }

    static func of(_ bytes: Bytes) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { crc, byte in table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] ^ crc >> 8 }
    }
}
