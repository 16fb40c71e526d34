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

    /// Labels that the metric does not have: such a query is never an error for Prometheus, and never finds anything.
    private func strangeLabels(in expression: String) -> [String] {
        func labels(of name: String) -> Set<String>? {
            let plain =
                ["_bucket", "_sum", "_count"].first { name.hasSuffix($0) && !Self.names.contains(name) }
                .map { String(name.dropLast($0.count)) } ?? name
            return Metric(rawValue: plain).map { Set($0.labels + ($0.kind == .histogram ? ["le"] : [])) }
        }
        var strange: [String] = []
        for match in expression.matches(of: /([a-z_]+)\{([^}]*)\}/) {
            guard let known = labels(of: String(match.1)) else { continue }
            strange += match.2.matches(of: /([a-z_]+)\s*(=|!)/).map { String($0.1) }.filter { !known.contains($0) }
        }
        for match in expression.matches(of: /by \(([a-z_, ]+)\) ?\((?:rate|increase)?\(?([a-z_]+)/) {
            guard let known = labels(of: String(match.2)) else { continue }
            strange += match.1.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !known.contains($0) }
        }
        return strange
    }

    @Test(arguments: [
        ("sum by (le) (rate(job_duration_ms_bucket[5m]))", []), ("gatepost_events{tenant=~\"a\", status=\"b\"}", []),
        ("gatepost_queue_depth{tenant=\"a\"}", ["tenant"]), ("sum by (tenant, class) (gatepost_events)", ["class"]),
    ])
    func seesStrangeLabels(_ expression: String, _ expected: [String]) { #expect(strangeLabels(in: expression) == expected) }

    @Test func labelsAreTheMetrics() throws {
        let rules = try Tree.text("contrib/prometheus/alerts.yml")
        for expression in expressions(try JSONDocument(Bytes(Tree.text("contrib/grafana/gatepost.json").utf8)).root) + [rules] {
            #expect(strangeLabels(in: expression).isEmpty, "\(expression)")
        }
        // The contract's own.
        for (name, labels) in [
            ("webhook_ingest_count_total", ["source", "tenant", "outcome"]), ("webhook_ingest_fail_count_total", ["source", "reason"]),
            ("webhook_ingest_duration_seconds", []), ("job_duration_ms", []), ("job_retry_count_total", []),
            ("wordpress_http_responses_total", ["tenant", "class"]), ("gatepost_queue_depth", []),
            ("gatepost_oldest_queued_age_seconds", []), ("gatepost_dlq_depth", []), ("gatepost_wal_bytes", []),
            ("gatepost_disk_free_bytes", []),
        ] {
            #expect(Metric(rawValue: name)?.labels == labels, "\(name)")
        }
        #expect(Metric(rawValue: "gatepost_circuit_state")?.labels.contains("endpoint") == true)
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
