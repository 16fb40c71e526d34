import Common
import Foundation
import Testing

@Suite struct AuditTests {
    /// What each command that changes something leaves in the record, and that looking leaves nothing.
    @Test func commandsAreWrittenDown() async throws {
        let sandbox = try await Sandbox()
        let ingest = try await sandbox.ingest()
        let answer = try await sandbox.post(Events.stripeCustomer(), as: "stripe")
        let id = try #require(try JSONDocument(answer.body).root["event_id"]?.string)
        try await ingest.stop()
        let backup = sandbox.folder.appending(path: "backup.db").path
        let commands: [([String], [String])] = [
            (["pause", "--tenant", "acme"], ["pause"]), (["resume"], ["resume"]), (["purge"], ["purge", "purge"]),
            (["purge", "--dry-run"], []), (["dlq", "retry", "--all"], ["dlq.retry"]), (["dlq", "retry", "--all", "--dry-run"], []),
            (["dlq", "discard", "--all", "--reason", "a test"], ["dlq.discard"]),
            (["rejected", "reverify", "--all"], ["rejected.reverify"]),
            (["secrets", "learn", "asana", "--tenant", "acme"], ["secrets.learn"]),
            (["secrets", "learn", "asana", "--tenant", "acme", "--close"], ["secrets.learn"]),
            (["mirror", "release"], ["mirror.release", "mirror.release"]), (["backup", backup], ["backup"]), (["status"], []),
            (["events", "show", id], []), (["audit", "list"], []),
        ]
        var expected: [String] = []
        for (command, entries) in commands {
            let finished = try await sandbox.gatepost(command, extra: ["SUDO_USER": "anna"])
            #expect(finished.succeeded, "\(command): \(finished.errors)")
            expected += entries
        }
        let export = try await sandbox.gatepost("audit", "export")
        let lines = try export.output.split(separator: "\n").map { try JSONDocument(Bytes($0.utf8)) }
        #expect(lines.map { $0.root["action"]?.string } == expected)
        #expect(lines.allSatisfy { $0.root["actor"]?.string == "anna" && $0.root["origin"]?.string == "cli" })
        let rest = try await sandbox.gatepost("audit", "export", "--after", String(expected.count - 1))
        #expect(rest.output.split(separator: "\n").count == 1 && rest.output.contains(backup))
        let list = try await sandbox.gatepost("audit", "list", "--action", "dlq")
        #expect(list.output.contains("a test") && !list.output.contains("pause"))
        try await sandbox.remove()
    }
}
