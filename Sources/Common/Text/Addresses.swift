extension String {
    /// Without what looks like a person's e-mail address: it stays readable in lists and logs, where payloads may not go.
    public var withoutAddresses: String {
        guard contains("@") else { return self }
        var text = ""
        var rest = self[...]
        while let sign = rest.firstIndex(of: "@") {
            let before = rest[..<sign]
            let user = before.reversed().prefix(while: Self.isOfAddress).count
            let host = rest[rest.index(after: sign)...].prefix(while: Self.isOfAddress)
            text += before.dropLast(user)
            text += user > 0 && host.contains(".") ? "…@…" : "\(before.suffix(user))@\(host)"
            rest = rest[host.endIndex...]
        }
        return text + rest
    }

    private static func isOfAddress(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || ".!#$%&'*+-/=?^_`{|}~".contains(character)
    }
}
