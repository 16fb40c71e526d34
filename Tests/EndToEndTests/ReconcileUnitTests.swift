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

    /// Where it is noon now: no night comes between.
    private static var noon: [String: String] {
        let hours = Int(Date().timeIntervalSince1970) / 3600 % 24 - 12
        return ["TZ": "Etc/GMT\(hours < 0 ? "" : "+")\(hours)"]
    }

    /// Ingest was away, and the next night is far: its pulse tells of it.
    @Test func whatAnOutageHasSwallowedIsNotLeftToTheNight() async throws {
        let command = Array(
            try Self.value("ExecStart", of: Self.unit("gatepost-reconcile.service")).split(separator: " ").map(String.init).dropFirst())
        let now = Int(Date().timeIntervalSince1970)
        let events = (0..<4).map { BackfillStripeTests.Event(id: "evt_p\($0)", created: now - 5000 + $0 * 60, type: "invoice.paid") }
        let sandbox = try await BackfillStripeTests.sandbox(try BackfillStripeTests.api(events))
        var ingest = try await sandbox.ingest()
        #expect(try await sandbox.gatepost(command, extra: Self.noon).succeeded)
        #expect(try sandbox.count("webhook_event") == 4, "what was never compared is due")
        try await ingest.stop()
        func nothingIsDue() async throws -> Bool { try await sandbox.gatepost(command, extra: Self.noon).output == "nothing is due\n" }
        #expect(try await nothingIsDue())

        try sandbox.change("UPDATE pulse SET at = \(now - 7200) * 1000")
        ingest = try await sandbox.ingest()
        try await eventually("the outage is written down") { try sandbox.count("outage") == 1 }
        #expect(try await sandbox.gatepost("reconcile", "--report").output.contains("no event could be stored from "))
        #expect(try await nothingIsDue(), "what is younger may be on its way")
        // Later. The store is as if they had never come.
        try sandbox.change("DELETE FROM webhook_event; UPDATE outage SET ended_at = \(now - 1000) * 1000")
        #expect(try await nothingIsDue(), "it was compared since")
        try sandbox.change("UPDATE reconciliation SET ran_at = \(now - 120) * 1000, through_at = \(now - 7200) * 1000")
        #expect(try await sandbox.gatepost(command, extra: Self.noon).succeeded)
        #expect(try sandbox.count("webhook_event") == 4)
        #expect(try await nothingIsDue())
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func theTimerAsksOftenAndTheServiceWhetherItIsDue() async throws {
        let (timer, service) = (try Self.unit("gatepost-reconcile.timer"), try Self.unit("gatepost-reconcile.service"))
        #expect(try Self.value("ExecStart", of: service).hasSuffix(" --due"))
        #expect(timer.allSatisfy { $0.name != "Unit" }, "the service of its name")
        let calendar = try await finish("/usr/bin/env", ["systemd-analyze", "calendar", Self.value("OnCalendar", of: timer)])
        guard case .exited(let status) = calendar.status, status != 127 else { return }
        #expect(calendar.succeeded && calendar.output.contains("*-*-* *:00/15:00"), "\(calendar.output)\(calendar.errors)")
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
