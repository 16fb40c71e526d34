import Foundation
import Testing

@testable import Common

/// What the documents say, against the sources.
@Suite struct DocsTests {
    /// The names that the settings' readers take, as each file lists them.
    private static func settings() throws -> Set<String> {
        var names: Set<String> = []
        for path in try Tree.files(in: "Sources/Common/Settings", ending: ".swift") {
            for list in try Tree.text(path).matches(of: /(?:refuseOthers\(\s*than: |Settings = |Names = )\[([^\]]*)\]/) {
                for key in list.1.matches(of: /"([a-z0-9-]+)"/) { names.insert(String(key.1)) }
            }
        }
        return names
    }

    /// The last words of the names in the table's first column.
    private static func documented() throws -> Set<String> {
        let rows = try Tree.text("docs/settings.md").matches(of: /\n\| `([a-z-]+(?:\.[A-Za-z-]+)*)` \|/)
        return Set(rows.compactMap { $0.1.split(separator: ".").last.map(String.init) })
    }

    @Test func everySettingStandsInTheTable() throws {
        let settings = try Self.settings()
        #expect(settings.count >= 20)
        for name in settings.subtracting(try Self.documented()).sorted() { Issue.record("docs/settings.md has no row for \(name)") }
    }

    @Test func everySettingInTheTableIsReal() throws {
        for name in try Self.documented().subtracting(Self.settings()).sorted() { Issue.record("nothing reads \(name)") }
    }

    @Test func everyVariableStandsInTheTable() throws {
        let table = try Tree.text("docs/settings.md")
        var names: Set<Substring> = []
        for path in try Tree.files(in: "Sources", ending: ".swift") {
            for match in try Tree.text(path).matches(of: /\b(?:GATEPOST|PROVIDER|WORDPRESS|HMAC_SHARED|CREDENTIALS)_[A-Z_]*[A-Z]/) {
                names.insert(match.0)
            }
        }
        #expect(names.count > 8)
        for name in names where !name.hasPrefix("PROVIDER_SECRETS") { #expect(table.contains("`\(name)`"), "\(name)") }
        #expect(table.contains("\n| `PROVIDER_SECRETS_<SOURCE>` |"))
    }

    @Test func everyLinkLeadsSomewhere() throws {
        for path in try ["README.md"] + Tree.files(in: "docs", ending: ".md") {
            let folder = path.contains("/") ? String(path[...path.lastIndex(of: "/")!]) : ""
            let content = try Tree.text(path)
            for link in content.matches(of: /\]\(([^)#\s]*)(#[^)\s]*)?\)/) where !link.1.contains("://") {
                #expect(link.1.isEmpty || Tree.exists(folder + link.1), "\(path): \(link.1)")
                guard let anchor = link.2 else { continue }
                let target = link.1.isEmpty ? content : try Tree.text(folder + link.1)
                #expect(Self.anchors(in: target).contains(String(anchor.dropFirst())), "\(path): \(link.1)\(anchor)")
            }
        }
    }

    /// Every cause that a push can fail with has its row for the operator.
    @Test func everyCauseStandsInTheRunbook() throws {
        let text = try Tree.text("docs/operating.md")
        let judgement =
            try Tree.text("Sources/CronWorker/Judgement.swift") + Tree.text("Sources/CronWorker/Worker.swift")
            + Tree.text("Sources/Delivery/Diagnosis.swift")
            + Tree.text("Sources/Delivery/Preflight.swift") + Tree.text("Sources/CronWorker/EndpointHealth.swift")
            + Tree.text("Sources/CronWorker/Suspects.swift")
        var causes = Set(judgement.matches(of: /cause: "([a-z_]+)"/).map(\.1))
        causes.formUnion(judgement.matches(of: /case [^:\n]*: "([a-z]+(?:_[a-z]+)*)"/).map(\.1))
        causes.formUnion(judgement.matches(of: /\("([a-z]+(?:_[a-z]+)*)", "/).map(\.1))
        #expect(causes.count > 12)
        for cause in causes { #expect(text.contains("\n| `\(cause)` |"), "\(cause)") }
    }

    /// An alert says of each cause what to mend, as the documents do.
    @Test func everyCauseHasAFixInItsAlert() throws {
        let operating = try Tree.text("docs/operating.md")
        let behind = try #require(operating.components(separatedBy: "\n## What a cause means\n").last)
        let section = try #require(behind.components(separatedBy: "\n## ").first)
        let rows = section.matches(of: /\n\| `([a-z_]+)` \| ([^\n]*)/).filter { !$0.2.hasPrefix("`check --connect` alone") }
        let plugin = try Tree.text("docs/wordpress.md").matches(of: /\n\| `(gatepost_[a-z_]+)` \| (?:401|403|422) \|/)
        let causes = Set(rows.map { String($0.1) } + plugin.map { String($0.1) })
        #expect(rows.count > 25 && plugin.count > 15)
        for cause in causes.subtracting(CauseFix.texts.keys).sorted() { Issue.record("CauseFix has nothing for \(cause)") }
        for cause in CauseFix.texts.keys where !cause.hasPrefix("gatepost_") && !causes.contains(cause) {
            Issue.record("docs/operating.md has no row for \(cause)")
        }
    }

    /// Every code that the plugin refuses with has its row.
    @Test func everyRefusalOfThePluginIsExplained() throws {
        let text = try Tree.text("docs/wordpress.md")
        var codes: Set<Substring> = []
        for path in try Tree.files(in: "wordpress/gatepost/includes", ending: ".php") {
            for code in try Tree.text(path).matches(of: /(?:Gatepost_Refusal\( |refused\( \d+, )'(gatepost_[a-z_]+)/) {
                codes.insert(code.1)
            }
        }
        #expect(codes.count > 20)
        for code in codes { #expect(text.contains("\n| `\(code)` |"), "\(code)") }
    }

    /// The threat model names the tests that show it.
    @Test func theTestsThatSecurityNamesAreThere() throws {
        let named = Set(try Tree.text("docs/security.md").matches(of: /`([A-Za-z]+Tests)`/).map(\.1))
        let there = Set(try Tree.files(in: "Tests", ending: ".swift").map { $0.split(separator: "/").last!.dropLast(6) })
        #expect(named.count > 15)
        for name in named.subtracting(there) { Issue.record("docs/security.md names \(name)") }
    }

    /// As GitHub makes them of headings.
    private static func anchors(in text: String) -> Set<String> {
        Set(
            text.matches(of: /(?m)^#+ (.+)$/).map { heading in
                heading.1.lowercased().filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" }.replacingOccurrences(
                    of: " ", with: "-")
            })
    }
}
