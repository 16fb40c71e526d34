import Foundation
import Testing

@testable import Common

/// What stands about metrics in documents, rules and dashboard, against the catalogue.
@Suite struct MetricDocsTests {
    private static let names = Set(Metric.allCases.map(\.rawValue))

    @Test func theTableIsTheCatalogue() throws {
        let rows = try Tree.text("docs/metrics.md").matches(of: /\n\| `([a-z_]+)` \| (counter|gauge|histogram) \|([^|]*)\|([^|\n]*)\|/)
        #expect(rows.map { String($0.1) } == Metric.allCases.map(\.rawValue))
        for (row, metric) in zip(rows, Metric.allCases) {
            #expect(row.2 == metric.kind.rawValue, "\(metric)")
            #expect(row.3.matches(of: /`([a-z_]+)`/).map { String($0.1) } == metric.labels, "\(metric)")
            #expect(row.4.trimmingCharacters(in: .whitespaces) == metric.help, "\(metric)")
        }
    }

    /// Each name that looks like one of ours.
    private func unknown(in text: String) -> Set<String> {
        let used = text.matches(of: /\b(?:gatepost|webhook|job|wordpress)_[a-z_]+[a-z]/).map { String($0.0) }
        return Set(
            used.map { name in
                ["_bucket", "_sum", "_count"].first { name.hasSuffix($0) && Self.names.contains(String(name.dropLast($0.count))) }
                    .map { String(name.dropLast($0.count)) } ?? name
            }
        ).subtracting(Self.names)
    }

    @Test func rulesUseMetricsThatExist() throws {
        let rules = try Tree.text("contrib/prometheus/alerts.yml")
        #expect(rules.matches(of: /- alert:/).count >= 10 && unknown(in: rules).isEmpty, "\(unknown(in: rules))")
        #expect(unknown(in: try Tree.text("contrib/prometheus/alerts_test.yml")).isEmpty)
    }

    private func expressions(_ value: JSONValue) -> [String] {
        var found: [String] = []
        value.forEachMember { name, member in
            if name.string == "expr", let text = member.string { found.append(text) }
            found += expressions(member)
        }
        return found + value.elements.flatMap(expressions)
    }

    @Test func theDashboardUsesMetricsThatExist() throws {
        let all = expressions(try JSONDocument(Bytes(Tree.text("contrib/grafana/gatepost.json").utf8)).root)
        #expect(all.count > 15)
        for expression in all {
            #expect(unknown(in: expression).isEmpty, "\(expression)")
            #expect(expression.contains(/gatepost_|webhook_|job_|wordpress_/), "\(expression)")
        }
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/promtool")))
    func promtoolReadsRulesAndDashboard() throws {
        let all = expressions(try JSONDocument(Bytes(Tree.text("contrib/grafana/gatepost.json").utf8)).root)
        let rules = all.enumerated().map { number, expression in
            let plain = expression.replacingOccurrences(of: "$__rate_interval", with: "5m")
            return "      - {record: 'x\(number)', expr: '\(plain.replacingOccurrences(of: "'", with: "''"))'}"
        }
        let file = FileManager.default.temporaryDirectory.appending(path: "gatepost-rules-\(UUID().uuidString).yml")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(("groups:\n  - name: dashboard\n    rules:\n" + rules.joined(separator: "\n") + "\n").utf8).write(to: file)
        #expect(try promtool("check", "rules", file.path) == 0, "\(all)")
        #expect(try promtool("check", "rules", "contrib/prometheus/alerts.yml") == 0)
        #expect(try promtool("test", "rules", "contrib/prometheus/alerts_test.yml") == 0)
    }

    private func promtool(_ arguments: String...) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/promtool")
        process.arguments = arguments
        process.currentDirectoryURL = Tree.root
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
