import Common
import Foundation
import Testing

/// The units that compare every night: what they say is what runs.
@Suite struct ReconcileUnitTests {
    private static func unit(_ name: String) throws -> [(name: String, value: String)] {
        let text = try String(contentsOf: Programs.tree.appending(path: "systemd/\(name)"), encoding: .utf8)
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
            guard let mark = line.firstIndex(of: "=") else { return nil }
            return (String(line[..<mark]), String(line[line.index(after: mark)...]))
        }
    }

    private static func value(_ name: String, of unit: [(name: String, value: String)]) throws -> String {
        try #require(unit.last { $0.name == name }?.value, "\(name)")
    }

    /// The service's own command line, after an outage in which a payment never came, and the night after it.
    @Test func theServicesCommandFillsTheGapOfAnOutage() async throws {
        let service = try Self.unit("gatepost-reconcile.service")
        let command = try Self.value("ExecStart", of: service).split(separator: " ").map(String.init)
        #expect(command.first == "/usr/bin/gatepost" && Set(service.filter { $0.name == "Type" }.map(\.value)) == ["oneshot"])
        let now = Int(Date().timeIntervalSince1970)
        let events = (0..<20).map {
            BackfillStripeTests.Event(id: "evt_o\($0)", created: now - 10 * 3600 + $0 * 900, type: "invoice.paid")
        }
        let api = try BackfillStripeTests.api(events)
        let sandbox = try await BackfillStripeTests.sandbox(api)
        let ingest = try await sandbox.ingest()
        for event in events.prefix(5) { #expect(try await sandbox.post(event.text, as: "stripe").status == 202) }
        #expect(try await sandbox.gatepost(Array(command.dropFirst())).succeeded, "15 were missing")
        #expect(try sandbox.count("webhook_event") == 20 && sandbox.count("job_execution") == 20)
        // What the provider sends again of them is no second payment.
        for event in events.suffix(3) { #expect(try await sandbox.post(event.text, as: "stripe").status == 200) }
        #expect(try await sandbox.gatepost(Array(command.dropFirst())).succeeded)
        #expect(try sandbox.count("webhook_event") == 20)
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func theTimerMakesUpForNightsThatWereMissed() async throws {
        let timer = try Self.unit("gatepost-reconcile.timer")
        #expect(try Self.value("Persistent", of: timer) == "true")
        #expect(try Self.value("OnBootSec", of: timer) == "10min")
        #expect(timer.allSatisfy { $0.name != "Unit" }, "the service of its name")
        let calendar = try await finish("/usr/bin/env", ["systemd-analyze", "calendar", Self.value("OnCalendar", of: timer)])
        guard case .exited(let status) = calendar.status, status != 127 else { return }
        #expect(calendar.succeeded && calendar.output.contains("03:17:00"), "\(calendar.output)\(calendar.errors)")
    }

    /// docs/security.md has each unit's exposure as systemd reckons it.
    @Test(arguments: [
        ("gatepost-ingest", "ingest 0.2"), ("gatepost-admin", "the pages 0.2"), ("gatepost-worker", "worker 1.1"),
        ("gatepost-reconcile", "(`gatepost-reconcile`, which has the network too) 1.1"), ("gatepost-allowlist", "allowlists 1.4"),
    ])
    func theDocsSayWhatTheSandboxIs(_ unit: String, says words: String) async throws {
        let docs = try String(contentsOf: Programs.tree.appending(path: "docs/security.md"), encoding: .utf8)
        #expect(docs.contains(words))
        let path = Programs.tree.appending(path: "systemd/\(unit).service").path
        let run = try await finish("/usr/bin/env", ["systemd-analyze", "security", "--offline=true", "--no-pager", path])
        guard case .exited(let status) = run.status, status != 127 else { return }
        let exposure = words.split(separator: " ").last ?? ""
        #expect(run.output.contains("\(unit).service: \(exposure) "), "\(run.output.suffix(200))")
    }
}
