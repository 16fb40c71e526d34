/// Whose data is asked for.
public enum Person: Sendable, Equatable {
    case email(String)
    /// The source's own id of the person.
    case user(SourceName, id: String)

    /// By what the payloads of one tenant call the person: as asked for, and what the privacy rules' hashes have put in its place.
    struct Names {
        let person: Person
        /// Of an address in lower case.
        let texts: [String]

        init(_ person: Person, tenant: String, _ vault: Vault) {
            self.person = person
            let (asked, also): (String, String) =
                switch person {
                case .email(let address): (address.lowercased(), address)
                case .user(_, let id): (id, id)
                }
            let hashes = vault.hashKey.map { key in Set([asked, also]).map { Minimiser.standIn(for: $0, tenant: tenant, key) } }
            texts = [asked] + (hashes ?? [])
        }

        var standIns: ArraySlice<String> { texts.dropFirst() }
    }

    /// Lanes that this person's events of a source may stand in, unhashed.
    func lanes(source: String, _ names: Names) -> [String] {
        switch self {
        case .email: names.texts.map { "email:\($0.boundedKey)" }
        case .user(let own, _): own.description == source ? names.texts.map { "\(own):\($0.boundedKey)" } : []
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

    /// Whether a text somewhere in the JSON has the address in it. An id may be any number's neighbour: where that is looked for, see
    /// `isActor`.
    func isNamed(in value: JSONValue, _ names: Names) -> Bool {
        guard case .email = self else { return false }
        return names.texts.contains { Self.holds(value, Bytes($0.utf8)) }
    }

    /// As the bytes are, or read as JSON or as a form: `anna\u0040example.com` and `anna%40example.com` name her too.
    func isNamed(in bytes: Bytes, _ names: Names) -> Bool {
        guard case .email = self else { return false }
        let text = Bytes(String(decoding: bytes, as: UTF8.self).lowercased().utf8)
        if names.texts.contains(where: { Self.names(text, Bytes($0.utf8)) }) { return true }
        let form = { FormFields(bytes, mediaType: "application/x-www-form-urlencoded").flatMap { try? JSONDocument($0.json) } }
        guard let document = (try? JSONDocument(bytes)) ?? form() else { return false }
        return isNamed(in: document.root, names)
    }

    /// Whether an event of a type that nobody has mapped has the id where the source's other events have their person. A number alone says
    /// too little for that: an order may have it too.
    func isActor(of event: JSONValue, _ provider: Provider, _ names: Names) -> Bool {
        guard case .user(provider.source, let id) = self, !id.utf8.allSatisfy(ASCII.isDigit) else { return false }
        return provider.mappings.contains { mapping in mapping.actor(in: event).id.map(names.texts.contains) ?? false }
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
