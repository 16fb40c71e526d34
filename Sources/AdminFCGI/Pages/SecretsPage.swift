import Common

/// Providers' secrets: whose, how old, whether they are used. Never one itself.
struct SecretsPage {
    struct Row {
        let source, tenant, fingerprint, place, state, age: String
        let isOld: Bool
        let used: Moment?
    }

    let rows: [Row]

    init(_ store: Store, _ visit: Visit) throws {
        let settings = visit.settings.adding(try LearnedSecrets(store: store).load(now: visit.now))
        rows = SecretReport.all(settings, try store.secretUses(), now: visit.now).map { report in
            Row(
                source: report.source.description, tenant: report.tenant.description, fingerprint: report.secret.fingerprint,
                place: report.secret.place, state: report.state.rawValue,
                age: report.ageInDays.map { "\($0) day\($0 == 1 ? "" : "s")" } ?? "not noted yet", isOld: (report.ageInDays ?? 0) >= 90,
                used: visit.moment(report.use?.lastVerified))
        }
    }
}
