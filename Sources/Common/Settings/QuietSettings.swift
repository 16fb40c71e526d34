extension Settings.Alerts {
    /// How long that source may send nothing for that tenant; nil: for ever.
    public func longestQuiet(of source: SourceName, tenant: TenantName) -> Duration? {
        if let own = tenantQuiet[tenant]?[source] { return own }
        return longestQuiet[source]
    }

    /// `tenants.NAME.longest-quiet: {stripe: 6h, github: "off"}`.
    mutating func readQuiet(of tenant: TenantName, _ section: SettingsSection, in file: inout SettingsFile) {
        guard let list = section.section("longest-quiet", in: &file) else { return }
        for (text, key, value) in list.names {
            guard let source = SourceName(text) else {
                file.problem(at: key, "\(list.qualified(text)): expected a source's name")
                continue
            }
            if value.scalar?.string == "off" {
                tenantQuiet[tenant, default: [:]][source] = .some(nil)
            } else if let time = list.duration(text, 60...30 * Self.days, in: &file) {
                tenantQuiet[tenant, default: [:]][source] = time
            }
        }
    }
}
