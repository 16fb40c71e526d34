import Foundation

/// Whom requests are counted together for: an IPv4 address, or the 64 bits of an IPv6 address that one customer has.
public enum Network {
    public static func name(of address: String?) -> String? {
        guard let address, address.contains(":") else { return address }
        // IPv4 within IPv6 is IPv4's own.
        if address.contains(".") { return address.split(separator: ":").last.map(String.init) }
        let halves = address.split(separator: "%").first?.components(separatedBy: "::") ?? []
        let front = halves.first?.split(separator: ":").map(String.init) ?? []
        let back = halves.count > 1 ? halves[1].split(separator: ":").map(String.init) : []
        let gap = halves.count > 1 ? Array(repeating: "0", count: max(0, 8 - front.count - back.count)) : []
        return (front + gap + back).prefix(4).joined(separator: ":") + "::/64"
    }
}
