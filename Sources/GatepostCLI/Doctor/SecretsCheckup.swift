import Common

/// Secrets that have been in use for long.
struct SecretsCheckup: Checkup {
    static let oldAfterDays = 90

    let reports: [SecretReport]

    var findings: [Finding] {
        let old = reports.filter { $0.state == .active && ($0.ageInDays ?? 0) > Self.oldAfterDays }
        guard !old.isEmpty else { return [.pass("secrets", "no active secret is older than \(Self.oldAfterDays) days")] }
        let names = old.map { "\($0.source) of \($0.tenant) (\($0.ageInDays ?? 0) days)" }.joined(separator: ", ")
        return [.warn("secrets", "old: \(names)", fix: "change them: docs/runbooks/secret-rotation.md")]
    }
}
