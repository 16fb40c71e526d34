/// Whose data is asked for.
public enum Person: Sendable, Equatable {
    case email(String)
    /// The source's own id of the person.
    case user(SourceName, id: String)

    /// Lanes that this person's events of a source may stand in, unhashed.
    func lanes(source: String) -> [String] {
        switch self {
        case .email(let address): ["email:\(address.lowercased().boundedKey)"]
        case .user(let own, let id): own.description == source ? ["\(own):\(id.boundedKey)"] : []
        }
    }

    /// For the record, which must not name anybody: the same person has the same.
    public func mark(_ vault: Vault) -> String {
        let text: String =
            switch self {
            case .email(let address): "email:\(address.lowercased())"
            case .user(let source, let id): "\(source):\(id)"
            }
        guard let code = vault.hash(of: Bytes("person\0\(text)".utf8)) else { return "one person" }
        return "person h-" + String(decoding: Hex.encode(code.prefix(8)), as: UTF8.self)
    }

    /// Whether a text somewhere in the JSON has the address in it. An id may be any number's neighbour: it is looked for in the lane alone.
    func isNamed(in value: JSONValue) -> Bool {
        guard case .email(let address) = self else { return false }
        return Self.holds(value, Bytes(address.lowercased().utf8))
    }

    func isNamed(in bytes: Bytes) -> Bool {
        guard case .email(let address) = self else { return false }
        return Self.names(Bytes(String(decoding: bytes, as: UTF8.self).lowercased().utf8), Bytes(address.lowercased().utf8))
    }

    private static func holds(_ value: JSONValue, _ text: Bytes) -> Bool {
        if let string = value.string { return names(Bytes(string.lowercased().utf8), text) }
        if value.isArray { return value.elements.contains { holds($0, text) } }
        var found = false
        value.forEachMember { name, member in
            found = found || holds(name, text) || holds(member, text)
        }
        return found
    }

    /// Whether the address stands in the text, and not as part of a longer one: another person's.
    private static func names(_ text: Bytes, _ address: Bytes) -> Bool {
        guard text.count >= address.count else { return false }
        for start in 0...(text.count - address.count) where text[start] == address[0] {
            let end = start + address.count
            guard text[start..<end].elementsEqual(address) else { continue }
            if start > 0, isOfAddress(text[start - 1]) { continue }
            let rest = text[end...].prefix(2)
            guard let next = rest.first else { return true }
            let goesOn = next == UInt8(ascii: ".") ? rest.dropFirst().first.map(isOfHost) ?? false : isOfHost(next)
            if !goesOn { return true }
        }
        return false
    }

    private static func isOfHost(_ byte: UInt8) -> Bool {
        ASCII.isDigit(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "-") || byte >= 0x80
    }

    private static func isOfAddress(_ byte: UInt8) -> Bool { isOfHost(byte) || "._+".utf8.contains(byte) }
}
