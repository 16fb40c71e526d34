extension Provider {
    /// Which of the places that say what state an event brought the rules change in what is stored; nil: none. What is compared is what is
    /// stored, so that each comparison would find all of it missing.
    public func statePath(hiddenBy rules: PrivacyRules) -> JSONPath? {
        guard let state, let minimiser = Minimiser(rules, tenant: Self.anyone, key: nil) else { return nil }
        var type: JSONPath?
        if case .json(let path) = state.type { type = path }
        return [type, state.object, state.property, state.moment].compactMap { $0 }.first { path in
            let probe = Self.probe(path)
            let stored = (try? JSONDocument(probe)).flatMap { try? JSONDocument(minimiser.minimised($0.root)) }
            return stored?.root.value(at: path)?.string != Self.value
        }
    }

    private static let anyone = TenantName("anyone")!
    /// Long enough that no sensible truncation leaves it whole.
    private static let value = "2026-01-02T03:04:05.678Z"

    /// An object with that member and nothing else.
    private static func probe(_ path: JSONPath) -> Bytes {
        path.names.reversed().reduce(JSONText.quoted(value)) { inner, name in
            Bytes("{".utf8) + JSONText.quoted(String(decoding: name, as: UTF8.self)) + Bytes(":".utf8) + inner + Bytes("}".utf8)
        }
    }
}
