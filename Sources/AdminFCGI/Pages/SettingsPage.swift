import Common

/// Every setting with its value in force and where that came from: what counts for all, or for one source or tenant.
struct SettingsPage {
    struct Choice {
        let name: String
        let href: String
        let isChosen: Bool
    }

    /// Tenants and sources by the hundred would make a page that nobody reads.
    let groups: [SettingsReport.Group]
    let sources: [Choice]
    let tenants: [Choice]
    let secrets: [SecretsPage.Row]
    let isOfOne: Bool
    let problem: String?
    let file: String

    init(_ store: Store, _ visit: Visit) throws {
        let query = visit.request.query
        let report = SettingsReport(visit.settings)
        let source = query["source"].flatMap { SourceName($0) }
        let tenant = query["tenant"].flatMap { TenantName($0) }
        isOfOne = query["source"] != nil || query["tenant"] != nil
        let own = [source.flatMap { report.source($0) }, tenant.flatMap { report.tenant($0) }].compactMap { $0 }
        groups = isOfOne ? own : report.general
        problem = isOfOne && own.isEmpty ? "The settings have no such source or tenant." : nil
        sources = report.sources.map { name in
            Choice(
                name: name.description, href: PageFields([("source", name.description)]).link("/admin/settings"), isChosen: name == source)
        }
        tenants = report.tenants.map { name in
            Choice(
                name: name.description, href: PageFields([("tenant", name.description)]).link("/admin/settings"), isChosen: name == tenant)
        }
        let all = isOfOne && !own.isEmpty ? try SecretsPage(store, visit).rows : []
        secrets = all.filter { source?.description == $0.source || tenant?.description == $0.tenant }
        file = visit.settings.origins.file ?? "none; defaults and variables alone"
    }
}
