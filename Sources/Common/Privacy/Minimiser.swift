/// Writes an event anew without what the rules leave out. Reads no clock, file or database.
struct Minimiser: Sendable {
    private let rules: [PrivacyRule]
    private let key: HMACKey?
    private let tenant: TenantName

    /// - Parameter key: of the hashes; without it what is to be hashed is left out.
    init?(_ rules: PrivacyRules, tenant: TenantName, key: HMACKey?) {
        guard !rules.isEmpty else { return nil }
        self.rules = rules.rules
        self.tenant = tenant
        self.key = key
    }

    /// A rule that has come so far on its way down.
    private struct Way {
        let rule: Int
        let step: Int
    }

    func minimised(_ event: JSONValue) -> Bytes {
        let ways = rules.indices.filter { applies(rules[$0], to: event) }.map { Way(rule: $0, step: 0) }
        var output = Bytes()
        output.reserveCapacity(event.raw.count)
        write(event, ways, inherited: nil, to: &output)
        return output
    }

    private func applies(_ rule: PrivacyRule, to event: JSONValue) -> Bool {
        guard let condition = rule.onlyWhere else { return true }
        return event[condition.member]?.string.map(condition.values.contains) ?? false
    }

    private func write(_ value: JSONValue, _ ways: [Way], inherited: PrivacyRule.Action?, to output: inout Bytes) {
        let action = action(ways) ?? inherited
        guard value.isObject || value.isArray else { return write(scalar: value, action, to: &output) }
        guard action != nil || !ways.isEmpty else {
            output += value.raw
            return
        }
        if value.isObject { write(object: value, ways, action, to: &output) } else { write(array: value, ways, action, to: &output) }
    }

    private func write(object: JSONValue, _ ways: [Way], _ action: PrivacyRule.Action?, to output: inout Bytes) {
        output.append(UInt8(ascii: "{"))
        var isFirst = true
        object.forEachMember { name, member in
            let text = Bytes((name.string ?? "").utf8)
            let further = next(ways) {
                $0 == .any || $0 == .name(text)
            } found: {
                $0 == text
            }
            guard self.action(further) != .drop else { return }
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
            output += name.raw
            output.append(UInt8(ascii: ":"))
            write(member, further, inherited: action, to: &output)
        }
        output.append(UInt8(ascii: "}"))
    }

    private func write(array: JSONValue, _ ways: [Way], _ action: PrivacyRule.Action?, to output: inout Bytes) {
        output.append(UInt8(ascii: "["))
        var isFirst = true
        for (place, element) in array.elements.enumerated() {
            let further = next(ways) {
                $0 == .any || $0 == .place(place)
            } found: { _ in
                false
            }
            guard self.action(further) != .drop else { continue }
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
            write(element, further, inherited: action, to: &output)
        }
        output.append(UInt8(ascii: "]"))
    }

    /// Where the rules stand one level down.
    private func next(_ ways: [Way], fits: (PrivacyPath.Step) -> Bool, found: (Bytes) -> Bool) -> [Way] {
        var further: [Way] = []
        for way in ways {
            let steps = rules[way.rule].path.steps
            guard way.step < steps.count else { continue }
            if case .deep(let name) = steps[way.step] {
                further.append(way)
                if found(name) { further.append(Way(rule: way.rule, step: way.step + 1)) }
            } else if fits(steps[way.step]) {
                further.append(Way(rule: way.rule, step: way.step + 1))
            }
        }
        return further
    }

    /// Of the rules that end here the one that leaves least.
    private func action(_ ways: [Way]) -> PrivacyRule.Action? {
        var strongest: PrivacyRule.Action?
        for way in ways where way.step == rules[way.rule].path.steps.count {
            switch (rules[way.rule].action, strongest) {
            case (.drop, _): return .drop
            case (.hash, _): strongest = .hash
            case (.truncate(let one), .truncate(let other)?): strongest = .truncate(min(one, other))
            case (.truncate(let count), nil): strongest = .truncate(count)
            case (.truncate, .hash?), (.truncate, .drop?): break
            }
        }
        return strongest
    }

    private func write(scalar value: JSONValue, _ action: PrivacyRule.Action?, to output: inout Bytes) {
        switch action {
        case .hash:
            if let text = value.scalarText { output += JSONText.quoted(hash(text)) } else { output += value.raw }
        case .truncate(let count):
            if let text = value.string { output += JSONText.quoted(String(text.prefix(count))) } else { output += value.raw }
        case .drop: output += Bytes("null".utf8)
        case nil: output += value.raw
        }
    }

    /// An e-mail address stays one in form, below a domain that cannot exist (RFC 2606).
    private func hash(_ text: String) -> String {
        guard let key, !text.isEmpty else { return "" }
        return Self.standIn(for: text.contains("@") ? text.lowercased() : text, tenant: tenant.description, key)
    }

    /// What a hash puts in the place of a text; of an address in lower case, as it names the same person in any.
    static func standIn(for text: String, tenant: String, _ key: HMACKey) -> String {
        let code = key.code(over: Bytes("privacy\0\(tenant)\0\(text)".utf8))
        let digits = "h-" + String(decoding: Hex.encode(code.prefix(16)), as: UTF8.self)
        return text.contains("@") ? digits + "@hashed.invalid" : digits
    }
}
