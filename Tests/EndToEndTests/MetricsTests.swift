import Common
import Foundation
import Testing
import Transport

/// What the programs count, read as Prometheus reads it.
@Suite struct MetricsTests {
    private func metrics(_ sandbox: Sandbox) async throws -> [String: Double] {
        let printed = try await sandbox.gatepost("metrics")
        #expect(printed.succeeded, "\(printed.errors)")
        var values: [String: Double] = [:]
        for line in printed.output.split(separator: "\n") where !line.hasPrefix("#") {
            let place = try #require(line.lastIndex(of: " "))
            values[String(line[..<place])] = Double(line[line.index(after: place)...])
        }
        return values
    }

    @Test func countsAddUpOverRestarts() async throws {
        let wordpress = try StandIn { call, number in number == 0 ? .status(500, body: "no") : .applied(call) }
        let sandbox = try await Sandbox(wordpress: wordpress.url)
        var ingest = try await sandbox.ingest()
        let first = Events.stripeCustomer()
        for body in [first, first, Events.stripeCustomer(customer: "cus_2")] { _ = try await sandbox.post(body, as: "stripe") }
        #expect(try await sandbox.post(first, as: "stripe", secret: "wrong").status == 401)
        #expect(try await sandbox.request("POST", "/api/webhooks/invented/ingest", body: [1]).status == 404)
        try await ingest.stop()
        var values = try await metrics(sandbox)
        let queued = "webhook_ingest_count_total{source=\"stripe\",tenant=\"acme\",outcome=\"queued\"}"
        #expect(values[queued] == 2)
        #expect(values["webhook_ingest_count_total{source=\"stripe\",tenant=\"acme\",outcome=\"duplicate\"}"] == 1)
        #expect(values["webhook_ingest_count_total{source=\"stripe\",tenant=\"acme\",outcome=\"refused\"}"] == 1)
        #expect(values["webhook_ingest_fail_count_total{source=\"stripe\",reason=\"signature_wrong\"}"] == 1)
        #expect(values["webhook_ingest_fail_count_total{source=\"unknown\",reason=\"unknown_source\"}"] == 1)
        #expect(values["webhook_ingest_duration_seconds_count"] == 3 && values["gatepost_queue_depth"] == 2)
        #expect(values["gatepost_worker_last_run_timestamp_seconds"] == nil)

        ingest = try await sandbox.ingest()
        _ = try await sandbox.post(Events.stripeCustomer(customer: "cus_3"), as: "stripe")
        try await eventually("all is pushed") {
            try await sandbox.worker()
            return try sandbox.count("webhook_event WHERE status = 'processed'") == 3
        }
        try await ingest.stop()
        values = try await metrics(sandbox)
        #expect(values[queued] == 3 && values["webhook_ingest_duration_seconds_count"] == 4 && values["gatepost_queue_depth"] == 0)
        #expect(values["wordpress_http_responses_total{tenant=\"acme\",class=\"5xx\"}"] == 1)
        #expect(values["wordpress_http_responses_total{tenant=\"acme\",class=\"2xx\"}"] == Double(wordpress.calls.count - 1))
        #expect(values["job_retry_count_total"] == 3 && values["gatepost_event_latency_seconds_count"] == 3)
        #expect(values["gatepost_jobs_ended_total{tenant=\"acme\",outcome=\"processed\"}"] == 3)
        #expect((values["gatepost_worker_runs_total"] ?? 0) >= 1 && (values["gatepost_worker_last_run_timestamp_seconds"] ?? 0) > 1.7e9)
        #expect(values["gatepost_circuit_state{endpoint=\"\(wordpress.url)\",tenant=\"acme\"}"] == 0)
        try await sandbox.remove()
    }

    @Test func aFileForNodeExporterIsWrittenWhole() async throws {
        let sandbox = try await Sandbox()
        let ingest = try await sandbox.ingest()
        let file = sandbox.folder.appending(path: "gatepost.prom").path
        #expect(try await sandbox.gatepost("metrics", "--output", file).succeeded)
        let printed = try await sandbox.gatepost("metrics", "--db", sandbox.databasePath)
        let names = { (text: String) in text.split(separator: "\n").filter { $0.hasPrefix("# TYPE") } }
        #expect(names(try String(contentsOfFile: file, encoding: .utf8)) == names(printed.output))
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func thePageIsWhatTheCommandPrints() async throws {
        let sandbox = try await Sandbox()
        let ingest = try await sandbox.ingest()
        let admin = try await sandbox.admin()
        _ = try await sandbox.post(Events.stripeCustomer(), as: "stripe")
        try await ingest.stop()
        let page = try await sandbox.request("GET", "/metrics")
        #expect(page.headers.first { $0.name == "content-type" }?.value == "text/plain; version=0.0.4; charset=utf-8")
        // Times and the disk go on.
        func steady(_ text: String) -> [Substring] {
            text.split(separator: "\n").filter { !$0.contains("_bytes") && !$0.contains("_age_seconds") }
        }
        #expect(
            steady(page.text) == steady(try await sandbox.gatepost("metrics").output) && page.text.contains("\ngatepost_queue_depth 1\n"))
        #expect(try await sandbox.request("POST", "/metrics", body: [1]).status == 405)
        try await admin.stop()
        try await sandbox.remove()
    }

    /// Prometheus's own tools; where they are not installed there is nothing to see.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/prometheus")))
    func aPrometheusReadsThemAndTheRules() async throws {
        let sandbox = try await Sandbox()
        let ingest = try await sandbox.ingest()
        _ = try await sandbox.post(Events.stripeCustomer(), as: "stripe")
        let file = sandbox.folder.appending(path: "gatepost.prom").path
        #expect(try await sandbox.gatepost("metrics", "--output", file).succeeded)
        let lint = try await finish("/bin/sh", ["-c", "promtool check metrics <\"$1\"", "sh", file])
        let complaints = (lint.output + lint.errors).split(separator: "\n").filter { !$0.hasPrefix("job_duration_ms ") }
        #expect(complaints.isEmpty, "\(complaints)")

        let admin = try await sandbox.admin()
        let port = try Loopback.freePort()
        let rules = Programs.tree.appending(path: "contrib/prometheus/alerts.yml").path
        let configuration = """
            global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
            rule_files: ["\(rules)"]
            scrape_configs:
              - job_name: gatepost
                static_configs: [{targets: ["\(sandbox.url.dropFirst("http://".count))"]}]
            """
        let settings = sandbox.folder.appending(path: "prometheus.yml")
        try Data(configuration.utf8).write(to: settings)
        let prometheus = try await Daemon.start(
            "/usr/bin/prometheus",
            [
                "--config.file=\(settings.path)", "--storage.tsdb.path=\(sandbox.folder.appending(path: "tsdb").path)",
                "--web.listen-address=127.0.0.1:\(port)",
            ], environment: ["PATH": "/usr/bin:/bin"], log: sandbox.folder.appending(path: "prometheus.log"))
        func ask(_ query: String) async throws -> String {
            (try? await exchange(HTTPRequest(method: "GET", url: "http://127.0.0.1:\(port)/api/v1/\(query)")).text) ?? ""
        }
        try await eventually("Prometheus has scraped") {
            try await ask("query?query=gatepost_queue_depth").contains("\"1\"]}]")
        }
        #expect(try await ask("query?query=up").contains("\"1\"]}]"))
        #expect(try await ask("rules").contains("\"name\":\"GatepostQueueOld\""))
        try await prometheus.stop()
        try await admin.stop()
        try await ingest.stop()
        try await sandbox.remove()
    }
}
