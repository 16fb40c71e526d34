import Common
import Foundation
import Testing
import Transport

/// The log's lines as operators read them.
@Suite struct LogTests {
    /// The command lines of the document that read the journal, without the journal.
    private func recipes() throws -> [String] {
        let text = try String(contentsOf: Programs.tree.appending(path: "docs/operating.md"), encoding: .utf8)
        return text.split(separator: "\n").filter { $0.hasPrefix("    journalctl ") && $0.contains("| jq ") }.compactMap { line in
            line.range(of: "| jq ").map { String(line[$0.lowerBound...].dropFirst(2)) }
        }
    }

    @Test func everyLineIsAnObjectAndEveryRecipeReadsThem() async throws {
        let wordpress = try StandIn { call, number in number == 0 ? .status(404, body: "{\"code\":\"rest_no_route\"}") : .applied(call) }
        let sandbox = try await Sandbox(wordpress: wordpress.url)
        let ingest = try await sandbox.ingest()
        let answers = [
            try await sandbox.post(Events.stripeInvoice(), as: "stripe"),
            try await sandbox.post(Events.stripeCustomer(), as: "stripe", secret: "wrong"),
        ]
        #expect(answers.map(\.status) == [202, 401])
        let pushes = [try await sandbox.worker(), try await sandbox.worker()].map(\.errors)
        #expect(try await sandbox.post(Events.stripeCustomer(customer: "cus_9"), as: "stripe").status == 202)
        let log =
            try String(contentsOf: sandbox.folder.appending(path: "ingest.log"), encoding: .utf8) + pushes.joined()
            + (try await sandbox.worker().errors)
        try await ingest.stop()

        let lines = try log.split(separator: "\n").map { try JSONDocument(Bytes($0.utf8)).root }
        for line in lines { #expect(["ts", "level", "msg"].allSatisfy { line[$0]?.string != nil }) }
        let id = try #require(answers[0]["event_id"])
        let own = lines.filter { $0["event_id"]?.string == id }
        let request = try #require(answers[0].headers.first { $0.name == "x-request-id" }?.value)
        #expect(own.map { $0["outcome"]?.string } == ["queued", "dead"] && own.map { $0["level"]?.string } == ["info", "error"])
        #expect(own.map { $0["trace_id"]?.string } == [request, request], "the same from nginx to the push")
        #expect(
            own.first?["request_id"]?.string == request && own.last?["request_id"]?.string == wordpress.calls[0].headers["x-request-id"])
        let access = try String(contentsOf: sandbox.folder.appending(path: "access.log"), encoding: .utf8)
        let seen = try access.split(separator: "\n").map { try JSONDocument(Bytes($0.utf8)).root }.filter { $0["status"]?.integer == 202 }
        #expect(seen.first?["request_id"]?.string == request && seen.first?["trace_id"]?.string == request, "nginx has the same two")
        #expect(lines.contains { $0["reason"]?.string == "signature_wrong" && $0["level"]?.string == "warning" })

        let file = sandbox.folder.appending(path: "journal")
        try Data(
            log.replacingOccurrences(of: id, with: "01a209f3-f9a4-7000-8579-b95655a29329")
                .replacingOccurrences(of: request, with: "883eaa5ed03f875bfd2d3a41b1bc1692")
                .replacingOccurrences(of: "\"latency_ms\":", with: "\"latency_ms\":9999").utf8
        ).write(to: file)
        let recipes = try recipes()
        #expect(recipes.count >= 6)
        for recipe in recipes {
            let read = try await finish("/bin/bash", ["-o", "pipefail", "-c", "cat \"$0\" | \(recipe)", file.path])
            #expect(read.succeeded && read.errors.isEmpty, "\(recipe): \(read.errors)")
            #expect(!read.output.isEmpty, "\(recipe) finds nothing")
        }
        try await sandbox.remove()
    }
}
