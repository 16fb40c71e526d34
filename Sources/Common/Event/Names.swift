/// A source's name in URL, settings and log: 1 to 40 of `a–z`, `0–9`, `-`.
public struct SourceName: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let description: String

    public init?(_ text: some StringProtocol) {
        let allowed = "abcdefghijklmnopqrstuvwxyz0123456789-".utf8
        guard (1...40).contains(text.utf8.count), text.utf8.allSatisfy(allowed.contains) else { return nil }
        description = String(text)
    }

    /// As it stands in the name of an environment variable: capitals, `-` as `_`.
    public var environmentSuffix: String { environmentName(description) }

    public static func < (left: Self, right: Self) -> Bool { left.description < right.description }
}

/// A tenant's name in URL, settings, key and log: 1 to 64 of `A–Z`, `a–z`, `0–9`, `.`, `_`, `-`, beginning with a letter or digit.
/// No colon and no comma, so that keys and lists of secrets come apart again.
public struct TenantName: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let description: String

    public init?(_ text: some StringProtocol) {
        func isWord(_ byte: UInt8) -> Bool { ASCII.isDigit(byte) || (0x61...0x7A).contains(ASCII.lowercased(byte)) }
        guard (1...64).contains(text.utf8.count), let first = text.utf8.first, isWord(first),
            text.utf8.allSatisfy({ isWord($0) || "._-".utf8.contains($0) })
        else { return nil }
        description = String(text)
    }

    /// As it stands behind `NAME__`: capitals, everything but letters and digits as `_`.
    public var environmentSuffix: String { environmentName(description) }

    public static func < (left: Self, right: Self) -> Bool { left.description < right.description }
}

private func environmentName(_ text: String) -> String {
    let folded = text.utf8.map { byte -> UInt8 in
        switch byte {
        case 0x61...0x7A: byte - 0x20
        case 0x41...0x5A, 0x30...0x39: byte
        default: UInt8(ascii: "_")
        }
    }
    return String(decoding: folded, as: UTF8.self)
}
