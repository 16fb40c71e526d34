/// Shapes that several sections share.
extension SettingsSection {
    func section(_ name: String, in file: inout SettingsFile) -> SettingsSection? {
        node(name).flatMap { SettingsSection($0, path: qualified(name), in: &file) }
    }

    /// The mappings of a list: `secrets[1]`, `secrets[2]`, …
    func sections(_ name: String, in file: inout SettingsFile) -> [(node: SettingsNode, section: SettingsSection)] {
        guard let node = node(name) else { return [] }
        guard let sequence = node.sequence else {
            file.problem(at: node, "\(qualified(name)): expected a list, each entry behind a dash")
            return []
        }
        return sequence.enumerated().compactMap { place, entry in
            SettingsSection(entry, path: "\(qualified(name))[\(place + 1)]", in: &file).map { (entry, $0) }
        }
    }

    /// A list of texts, or one text.
    /// - Parameter what: for the problem, `expected …`.
    func list<Value>(
        _ name: String, _ what: String, in file: inout SettingsFile, _ read: (String) -> Value?
    ) -> [Value] {
        guard let node = node(name) else { return [] }
        let entries = node.sequence.map { Array($0) } ?? [node]
        return entries.compactMap { entry in
            guard let text = entry.scalar?.string, let value = read(text) else {
                file.problem(at: entry, "\(qualified(name)): expected \(what)\(Self.found(entry))")
                return nil
            }
            return value
        }
    }

    /// One text that must be there.
    func required<Value>(
        _ name: String, _ what: String, quotes: Bool = true, in file: inout SettingsFile, _ read: (String) -> Value?
    ) -> Value? {
        guard node(name) != nil else {
            file.problem(at: place, "\(qualified(name)): is missing; expected \(what)")
            return nil
        }
        return optional(name, what, quotes: quotes, in: &file, read)
    }

    /// - Parameter quotes: false where what was found may be a secret in the wrong place.
    func optional<Value>(
        _ name: String, _ what: String, quotes: Bool = true, in file: inout SettingsFile, _ read: (String) -> Value?
    ) -> Value? {
        guard let node = node(name) else { return nil }
        guard let text = node.scalar?.string, let value = read(text) else {
            file.problem(at: node, "\(qualified(name)): expected \(what)\(quotes ? Self.found(node) : "")")
            return nil
        }
        return value
    }

    /// One of a few words.
    func choice<Value>(_ name: String, _ words: KeyValuePairs<String, Value>, in file: inout SettingsFile) -> Value? {
        let known = words.map(\.key).joined(separator: ", ")
        return optional(name, "one of \(known)", in: &file) { text in words.first { $0.key == text }?.value }
    }

    func flag(_ name: String, in file: inout SettingsFile) -> Bool? {
        choice(name, ["true": true, "false": false, "yes": true, "no": false], in: &file)
    }

    /// RFC 3339, or a day: its first moment (UTC), or its last.
    func moment(_ name: String, endOfDay: Bool = false, in file: inout SettingsFile) -> Timestamp? {
        optional(name, "a day or a time (2026-12-01, 2026-12-01T18:00:00+01:00)", in: &file) { text in
            Timestamp(rfc3339: text.utf8.count == 10 ? "\(text)T\(endOfDay ? "23:59:59.999" : "00:00:00")Z" : text)
        }
    }

    func path(_ name: String, in file: inout SettingsFile) -> JSONPath? {
        optional(name, "a path such as $.data.id", in: &file) { JSONPath($0) }
    }

    /// What was found, where it is short.
    private static func found(_ node: SettingsNode) -> String {
        guard let text = node.scalar?.string, text.utf8.count <= 20 else { return "" }
        return ", found \"\(text)\""
    }
}
