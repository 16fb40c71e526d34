import Common
import Foundation
import Subprocess
import Testing

/// The doctor on a real gateway.
@Suite struct DoctorTests {
    private static func verdicts(_ output: String) throws -> [String: String] {
        let checks = try JSONDocument(Bytes(output.utf8)).root["checks"]?.elements ?? []
        return Dictionary(checks.map { ($0["check"]?.string ?? "", $0["verdict"]?.string ?? "") }) { first, _ in first }
    }

    @Test func findsAHealthyGatewayHealthyAndLeavesNothingBehind() async throws {
        let standIn = try StandIn { call, _ in
            if call.path.hasSuffix("/batch") { return .status(400, body: #"{"code":"gatepost_invalid"}"#) }
            return .status(200, body: #"{"plugin_version":"1.0.0","orders_failed":0,"orders_pending":0,"oldest_order_age_ms":0}"#)
        }
        let sandbox = try await Sandbox(wordpress: standIn.url, extra: ["WORDPRESS_USER": "u", "WORDPRESS_APP_PASSWORD": "p"])
        try Data("public-url: \(sandbox.url)\n".utf8).write(to: sandbox.folder.appending(path: "gatepost.yaml"))
        let ingest = try await sandbox.ingest()
        let socket = sandbox.folder.appending(path: "ingest.sock").path
        for _ in 0..<2 {
            let report = try await sandbox.gatepost("doctor", "--self-test", "--socket", socket, "--json")
            let verdicts = try Self.verdicts(report.output)
            for check in [
                "settings", "store", "store room", "socket", "nginx", "public address", "wordpress acme", "secrets", "self-test",
                "push acme",
            ] {
                #expect(verdicts[check] == "pass", "\(check): \(report.output)")
            }
        }
        #expect(try sandbox.count("webhook_event") == 0)
        #expect(try sandbox.count("nonce") == 0)
        #expect(
            standIn.calls.allSatisfy {
                $0.path.hasPrefix("/wp-json/ai-guy/v1/") && $0.headers["authorization"]?.hasPrefix("Basic ") == true
            })
        try await ingest.stop()
        try await sandbox.remove()
    }

    /// The whole way: nginx, ingest, store, worker, WordPress, and nothing is left of it.
    @Test(arguments: [true, false])
    func theSelfTestGoesAllTheWay(well: Bool) async throws {
        let standIn = try StandIn { call, _ in
            guard call.path.hasSuffix("/status") else {
                guard !call.items.isEmpty else { return .status(400, body: #"{"code":"gatepost_invalid"}"#) }
                return well ? .applied(call) : .status(500, body: "<h1>Error</h1>")
            }
            return .status(200, body: #"{"plugin_version":"1.0.0","self_test":"gatepost.selftest"}"#)
        }
        let sandbox = try await Sandbox(wordpress: standIn.url, extra: ["WORDPRESS_USER": "u", "WORDPRESS_APP_PASSWORD": "p"])
        try Data("public-url: \(sandbox.url)\n".utf8).write(to: sandbox.folder.appending(path: "gatepost.yaml"))
        let ingest = try await sandbox.ingest()
        let socket = sandbox.folder.appending(path: "ingest.sock").path
        async let running = sandbox.gatepost("doctor", "--self-test", "--socket", socket, "--json")
        // What systemd's path unit does.
        try await eventually("the event waits for the worker") { try sandbox.count("webhook_event WHERE status = 'queued'") == 1 }
        async let worker = sandbox.worker()
        let (report, pushed) = (try await running, try await worker)
        let verdicts = try Self.verdicts(report.output)
        #expect(verdicts["self-test"] == "pass" && verdicts["delivery"] == (well ? "pass" : "fail"), "\(report.output)")
        #expect(pushed.succeeded)
        let sent = standIn.calls.flatMap(\.items)
        #expect(!sent.isEmpty && sent.allSatisfy { $0.route == "order-event" && $0.payload.contains("\"gatepost.selftest\"") })
        #expect(try sandbox.count("webhook_event") == 0)
        #expect(try sandbox.count("job_execution") == 0)
        #expect(try sandbox.count("attempt") == 0)
        #expect(try sandbox.count("event_count WHERE events <> 0") == 0)
        try await ingest.stop()
        try await sandbox.remove()
    }

    /// It is asked as the worker tells it, and what is wrong with it is no failure.
    @Test func asksTheCollector() async throws {
        let collector = try StandIn { call, _ in .status(call.headers["authorization"] == "Bearer t" ? 200 : 401, body: "{}") }
        let sandbox = try await Sandbox(extra: [
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer%20t",
        ])
        #expect(try Self.verdicts(try await sandbox.gatepost("doctor", "--json").output)["traces"] == "pass")
        let call = try #require(collector.calls.first)
        #expect(call.path == "/v1/traces" && call.headers["content-type"] == "application/json")
        #expect(try JSONDocument(call.body).root["resourceSpans"]?.elements.count == 1)
        try await sandbox.remove()

        let lockedOut = try await Sandbox(extra: ["OTEL_EXPORTER_OTLP_ENDPOINT": collector.url])
        let report = try await lockedOut.gatepost("doctor")
        #expect(report.output.contains("\(collector.url): status 401"), "\(report.output)")
        #expect(report.output.contains("OTEL_EXPORTER_OTLP_HEADERS"), "\(report.output)")
        try await lockedOut.remove()

        let untraced = try await Sandbox()
        #expect(try Self.verdicts(try await untraced.gatepost("doctor", "--json").output)["traces"] == nil)
        try await untraced.remove()
    }

    /// One for whom the worker does not wait takes nothing.
    @Test func isAsPatientWithACollectorAsTheWorker() async throws {
        let collector = try StandIn { _, _ in
            usleep(1_500_000)
            return .status(200, body: "{}")
        }
        let sandbox = try await Sandbox(extra: [
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_EXPORTER_OTLP_TIMEOUT": "100",
        ])
        #expect(try Self.verdicts(try await sandbox.gatepost("doctor", "--json").output)["traces"] == "warn")
        try await sandbox.remove()
    }

    @Test func saysWhatIsBroken() async throws {
        let sandbox = try await Sandbox(wordpress: "http://127.0.0.1:1", extra: ["WORDPRESS_TOKEN": "t"])
        try Data("public-url: \(sandbox.url)\n".utf8).write(to: sandbox.folder.appending(path: "gatepost.yaml"))
        let report = try await sandbox.gatepost(
            "doctor", "--self-test", "--socket", sandbox.folder.appending(path: "ingest.sock").path, "--json")
        #expect(report.status == .exited(1))
        let verdicts = try Self.verdicts(report.output)
        for check in ["store", "socket", "public address", "wordpress acme", "self-test", "push acme"] {
            #expect(verdicts[check] == "fail", "\(check): \(report.output)")
        }
        try await sandbox.remove()
    }

    @Test func wrongSettingsAreAFindingToo() async throws {
        let sandbox = try await Sandbox(yaml: "typo: 1\n")
        let report = try await sandbox.gatepost("doctor")
        #expect(report.status == .exited(1) && report.output.contains("line 1: typo"))
        try await sandbox.remove()
    }
}
