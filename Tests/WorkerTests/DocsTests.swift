import Foundation
import Testing

/// What the documents say, against the sources.
@Suite struct DocsTests {
    /// The settings that each function of the reader takes, by its name.
    private static let sections = [
        "read": "", "readIngest": "ingest.", "readWorker": "worker.", "readSource": "sources.NAME.", "readTenant": "tenants.NAME.",
    ]

    /// The lists of names that stand outside the reader, by their names.
    private static let lists = ["deliveryNames": "worker.", "tenantNames": "tenants.NAME."]

    private static func reader() throws -> String {
        try Tree.files(in: "Sources/Common/Settings", ending: ".swift").map(Tree.text).joined()
    }

    @Test func everyListOfSettingsStandsInTheTable() throws {
        let table = try Tree.text("docs/settings.md")
        for list in try Self.reader().matches(of: /static let ([a-z]+Names) = \[([^\]]*)\]/) {
            let prefix = try #require(Self.lists[String(list.1)], "\(list.1) has no place in docs/settings.md yet")
            for key in list.2.matches(of: /"([a-z-]+)"/) {
                #expect(table.contains("\n| `\(prefix)\(key.1)` |"), "\(prefix)\(key.1)")
            }
        }
    }

    @Test func everySettingStandsInTheTable() throws {
        let reader = try Tree.text("Sources/Common/Settings/SettingsReader.swift")
        let table = try Tree.text("docs/settings.md")
        var found = 0
        // Each list of known names, with the function that it stands in.
        for function in reader.components(separatedBy: "mutating func ").dropFirst() {
            for list in function.matches(of: /refuseOthers\(\s*than: \[([^\]]*)\]/) {
                let name = String(function.prefix { $0.isLetter })
                let prefix = try #require(Self.sections[name], "what \(name) reads has no place in docs/settings.md yet")
                for key in list.1.matches(of: /"([a-z-]+)"/) {
                    #expect(table.contains("\n| `\(prefix)\(key.1)` |"), "\(prefix)\(key.1)")
                    found += 1
                }
            }
        }
        #expect(found >= 20)
    }

    @Test func everySettingInTheTableIsReal() throws {
        let reader = try Self.reader()
        for row in try Tree.text("docs/settings.md").matches(of: /\n\| `([a-z-]+(?:\.[A-Za-z-]+)*)` \|/) {
            let key = row.1.split(separator: ".").last ?? ""
            #expect(reader.contains("\"\(key)\""), "\(row.1)")
        }
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

    /// As GitHub makes them of headings.
    private static func anchors(in text: String) -> Set<String> {
        Set(
            text.matches(of: /(?m)^#+ (.+)$/).map { heading in
                heading.1.lowercased().filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" }.replacingOccurrences(
                    of: " ", with: "-")
            })
    }
}
