extension SettingsReader {
    private static let lengths = 3600...315_360_000

    /// One time for what is processed, discarded or only kept; or a section with times by status, by source, and for keys.
    mutating func readRetention(_ root: SettingsSection) -> Purge.Rule? {
        guard let node = root.node("retention") else { return nil }
        guard node.scalar == nil else {
            return root.duration("retention", Self.lengths, in: &file)
                .map { Purge.Rule(olderThan: $0, statuses: [.processed, .discarded, .received]) }
        }
        guard let section = SettingsSection(node, path: "retention", in: &file) else { return nil }
        section.refuseOthers(than: ["processed", "discarded", "received", "failed", "keys", "sources"], in: &file)
        var rule = Purge.Rule(olderThan: .zero, statuses: [])
        rule.byStatus = readStatuses(section)
        if let keys = section.duration("keys", 30 * 86_400...315_360_000, in: &file) { rule.keyAge = keys }
        for (name, key, value) in section.section("sources", in: &file)?.names ?? [] {
            guard let source = SourceName(name), isKnown(source) || Catalogue.provider(for: source) != nil else {
                file.problem(at: key, "retention.sources.\(name): no such source\(hint(forSource: name)); gatepost providers lists them")
                continue
            }
            guard let own = SettingsSection(value, path: "retention.sources.\(name)", in: &file) else { continue }
            own.refuseOthers(than: ["processed", "discarded", "received", "failed"], in: &file)
            rule.bySource[name] = readStatuses(own)
        }
        return rule.isEmpty ? nil : rule
    }

    private mutating func readStatuses(_ section: SettingsSection) -> [EventStatus: Duration] {
        var ages: [EventStatus: Duration] = [:]
        for status in [EventStatus.processed, .discarded, .received, .failed] {
            if let age = section.duration(status.rawValue, Self.lengths, in: &file) { ages[status] = age }
        }
        return ages
    }
}
