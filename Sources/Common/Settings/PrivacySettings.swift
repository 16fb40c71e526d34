extension SourcePrivacy {
    private static let privacySettings = ["preset", "drop", "hash", "truncate", "raw-days"]

    /// `sources.NAME.privacy`.
    init(_ source: SourceName, _ section: SettingsSection, in file: inout SettingsFile) {
        section.refuseOthers(than: ["preset", "drop", "hash", "truncate", "raw-days", "tenants"], in: &file)
        all = PrivacyRules(source, section, in: &file)
        guard let list = section.section("tenants", in: &file) else { return }
        for (name, key, value) in list.names {
            guard let tenant = TenantName(name) else {
                file.problem(at: key, "\(list.qualified(name)): expected a tenant's name")
                continue
            }
            guard let own = SettingsSection(value, path: list.qualified(name), in: &file) else { continue }
            own.refuseOthers(than: Self.privacySettings, in: &file)
            tenants[tenant] = PrivacyRules(source, own, in: &file)
        }
    }
}

extension PrivacyRules {
    fileprivate init(_ source: SourceName, _ section: SettingsSection, in file: inout SettingsFile) {
        if let name = section.text("preset", in: &file), let node = section.node("preset") {
            if name == PrivacyPresets.name, let known = PrivacyPresets.rules(for: source) {
                preset = name
                rules += known
            } else {
                let known = PrivacyPresets.sources.joined(separator: ", ")
                file.problem(at: node, "\(section.qualified("preset")): expected \(PrivacyPresets.name), for one of \(known)")
            }
        }
        let what = "a path such as $.customer.phone, $.items[*].note or $..address"
        rules += section.list("drop", what, in: &file) { PrivacyPath($0) }.map { PrivacyRule($0, .drop) }
        rules += section.list("hash", what, in: &file) { PrivacyPath($0) }.map { PrivacyRule($0, .hash) }
        rules += Self.truncations(section, what, in: &file)
        if let days = section.number("raw-days", 1...365, in: &file) { originalFor = .seconds(Int64(days) * 86_400) }
        if rules.isEmpty, originalFor != nil, let node = section.node("raw-days") {
            file.problem(at: node, "\(section.qualified("raw-days")): only beside rules; without any the payload is stored as it came")
        }
    }

    /// `path: characters`.
    private static func truncations(_ section: SettingsSection, _ what: String, in file: inout SettingsFile) -> [PrivacyRule] {
        guard let list = section.section("truncate", in: &file) else { return [] }
        return list.names.compactMap { text, key, _ in
            guard let path = PrivacyPath(text) else {
                file.problem(at: key, "\(list.qualified(text)): expected \(what)")
                return nil
            }
            return list.number(text, 0...10_000, in: &file).map { PrivacyRule(path, .truncate($0)) }
        }
    }
}

extension SettingsReader {
    /// Hashes and whole payloads need a key.
    mutating func refusePrivacyWithoutKey() {
        let isSealing = settings.encryption.mode != .off && !settings.encryption.keys.all.isEmpty
        guard !isSealing else { return }
        for (name, own) in sourceSettings.sorted(by: { $0.key < $1.key }) {
            let rules = own.privacy.everyone
            guard rules.contains(where: { $0.hashes || $0.originalFor != nil }) else { continue }
            let text = "sources.\(name).privacy: hash and raw-days need encryption; set GATEPOST_DATA_KEY (`gatepost keys generate`)"
            file.problems.append(.init(place: file.path, line: own.node.mark?.line, text: text))
        }
    }
}
