import ArgumentParser
import Common

struct SecretsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secrets", abstract: "Providers' secrets: which verify, how old they are, and those that a provider hands over.",
        subcommands: [
            SecretsListCommand.self, SecretsAgeCommand.self, SecretsLearnCommand.self, SecretsLearnedCommand.self,
            SecretsForgetCommand.self,
        ])
}

extension SecretReport {
    /// As the settings and the store have them now.
    static func load() throws -> [SecretReport] {
        let settings = try Settings.load()
        let store = try Store(path: settings.database, access: .readOnly, vault: settings.encryption.vault)
        let now = WallClock.system.now()
        return all(settings.adding(try LearnedSecrets(store: store).load(now: now)), try store.secretUses(), now: now)
    }

    var json: JSONTree {
        [
            "source": .string(source.description), "tenant": .string(tenant.description), "fingerprint": .string(secret.fingerprint),
            "read_from": .string(secret.place), "state": .string(state.rawValue), "not_before": JSONTree(secret.window.notBefore),
            "not_after": JSONTree(secret.window.notAfter), "known_since": JSONTree(use?.knownSince), "age_days": JSONTree(ageInDays),
            "last_verified_at": JSONTree(use?.lastVerified),
        ]
    }

    static func print(_ reports: [SecretReport]) {
        var table = Table(["SOURCE", "TENANT", "SECRET", "READ FROM", "STATE", "AGE", "LAST VERIFIED"])
        for report in reports {
            table.add([
                report.source.description, report.tenant.description, report.secret.fingerprint, report.secret.place, report.stateInWords,
                report.ageInDays.map { "\($0) d" } ?? "not noted yet",
                report.use?.lastVerified.map { Age.text(of: $0, now: report.now) } ?? "never",
            ])
        }
        Output.table(table)
    }

    private var stateInWords: String {
        switch state {
        case .active: secret.window.notAfter.map { "active until \($0)" } ?? "active"
        case .early: secret.window.notBefore.map { "from \($0)" } ?? "early"
        case .ended: "ended"
        }
    }
}

struct SecretsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Every provider's secret: whose, where from, whether it counts now, when it verified last.",
        discussion: "A secret shows as the first eight hex digits of its SHA-256: `printf %s SECRET | sha256sum`.")

    @Option(help: "Of this source alone.") var source: SourceName?
    @Option(help: "Of this tenant alone.") var tenant: TenantName?
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let reports = try SecretReport.load().filter { (source ?? $0.source) == $0.source && (tenant ?? $0.tenant) == $0.tenant }
        if json { return Output.json(.array(reports.map(\.json))) }
        SecretReport.print(reports)
    }
}

struct SecretsAgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "age", abstract: "The active secrets that are older than 90 days: time to change them.",
        discussion: "The age counts from when ingest first read a secret, or from its first day where that came later.")

    @Option(help: "Older than so many days.") var days = 90
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        guard days >= 0 else { throw ValidationError("--days: expected 0 or more") }
    }

    func run() throws {
        let old = try SecretReport.load().filter { $0.state == .active && ($0.ageInDays ?? 0) > days }
        if json { return Output.json(.array(old.map(\.json))) }
        guard !old.isEmpty else { return Output.line("no active secret is older than \(days) days") }
        SecretReport.print(old)
    }
}
