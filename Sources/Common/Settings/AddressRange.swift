import Foundation

/// An IP address or a block of them in CIDR notation (RFC 4632, RFC 4291): `203.0.113.7`, `203.0.113.0/24`, `2001:db8::/32`.
public struct AddressRange: Sendable, Hashable, CustomStringConvertible {
    public let description: String
    /// 16 bytes; IPv4 mapped into IPv6 (RFC 4291, 2.5.5.2), so that `::ffff:203.0.113.7` is the same address.
    private let network: Bytes
    private let bits: Int

    /// Nil also where bits are set beyond the prefix: then address or prefix is a slip.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = Self.bytes(of: String(parts[0])) else { return nil }
        let isShort = !parts[0].contains(":")
        let own = isShort ? 32 : 128
        var prefix = own
        if parts.count == 2 {
            guard parts[1].utf8.count <= 3, let number = Int64(decimalDigits: parts[1].utf8), number <= own else { return nil }
            prefix = Int(number)
        }
        bits = isShort ? prefix + 96 : prefix
        network = address
        description = text
        guard Self.masked(address, to: bits) == address else { return nil }
    }

    public func contains(_ address: String) -> Bool {
        Self.bytes(of: address).map { Self.masked($0, to: bits) == network } ?? false
    }

    private static func masked(_ address: Bytes, to bits: Int) -> Bytes {
        address.enumerated().map { place, byte in
            let kept = min(8, max(0, bits - place * 8))
            return kept == 8 ? byte : byte & ~(0xFF >> UInt8(kept))
        }
    }

    private static func bytes(of text: String) -> Bytes? {
        var short = in_addr()
        if inet_pton(AF_INET, text, &short) == 1 {
            return [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF] + withUnsafeBytes(of: short) { Bytes($0) }
        }
        var long = in6_addr()
        return inet_pton(AF_INET6, text, &long) == 1 ? withUnsafeBytes(of: long) { Bytes($0) } : nil
    }
}
