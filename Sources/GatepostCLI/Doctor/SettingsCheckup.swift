import Common

/// Settings and secrets: can they be read, and would they work together?
struct SettingsCheckup: Checkup {
    /// What cannot be read.
    var problems: [SettingsProblem] = []
    /// What is missing.
    var gaps: [SettingsProblem] = []

    var findings: [Finding] {
        let wrong = problems.map { Finding.fail("settings", $0.description, fix: "correct it; docs/settings.md names every setting") }
        let missing = gaps.map { Finding.warn("settings", $0.text, fix: "events wait or are refused until it is there") }
        return wrong + missing
            + (wrong.isEmpty && missing.isEmpty ? [.pass("settings", "settings and secrets can be read, none is missing")] : [])
    }
}
