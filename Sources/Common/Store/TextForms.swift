import Foundation

/// A text that is looked for, in each spelling that a payload may have it in. Senders' JSON writers differ: many write `ü` as `\u00fc`
/// and `/` as `\/`, PHP's does both.
struct TextForms: Equatable {
    /// As it was entered.
    let own: Bytes
    /// Two at most.
    let others: [Bytes]

    init(_ text: String) {
        own = Bytes(text.utf8)
        let address = text.contains("@") ? Bytes(text.lowercased().utf8) : own
        // Shops show an order's number so, and send it without.
        let bare = text.hasPrefix("#") && text.utf8.count > 2 ? Bytes(text.utf8.dropFirst()) : own
        var others: [Bytes] = []
        for form in [bare, Self.escaped(text, "0123456789abcdef"), Self.escaped(text, "0123456789ABCDEF"), address]
        where form != own && !others.contains(form) {
            others.append(form)
        }
        self.others = Array(others.prefix(2))
    }

    private static func escaped(_ text: String, _ digits: StaticString) -> Bytes {
        var escaped = Bytes()
        for unit in text.utf16 {
            switch unit {
            case 0x22, 0x2F, 0x5C: escaped += [UInt8(ascii: "\\"), UInt8(unit)]
            case 0x20...0x7E: escaped.append(UInt8(unit))
            default:
                escaped += Bytes("\\u".utf8)
                escaped += [12, 8, 4, 0].map { digits.utf8Start[Int(unit >> $0) & 15] }
            }
        }
        return escaped
    }
}
