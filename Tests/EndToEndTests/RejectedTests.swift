import Common
import Foundation
import Testing
import Transport

/// Requests that verification refused, from nginx to the command line.
@Suite struct RejectedTests {
    private func json(_ finished: Finished) throws -> JSONValue { try JSONDocument(Bytes(finished.output.utf8)).root }

    /// The provider signs with a secret that the settings do not have yet.
    @Test func aWrongSecretLosesNothing() async throws {
        let sandbox = try await Sandbox()
        let ingest = try await sandbox.ingest()
        let mended = ["PROVIDER_SECRETS_STRIPE": "acme:whsec_acme,acme:whsec_rotated"]
        let body = Events.stripeCustomer(id: "evt_rotated")
        let refused = try await sandbox.post(body, as: "stripe", secret: "whsec_rotated")
        #expect(refused.status == 401 && refused.text == #"{"type":"about:blank","title":"Unauthorized","status":401}"#)
        #expect(try await sandbox.request("POST", "/api/webhooks/nobody", body: Bytes("{}".utf8)).status == 404)

        let list = try json(try await sandbox.gatepost("rejected", "list", "--json"))
        #expect(list["kept"]?.integer == 1)
        let row = try #require(list["rejected"]?[0])
        let id = try #require(row["id"]?.string)
        #expect(row["reason"]?.string == "signature_wrong" && row["tenant"]?.string == "acme" && row["source"]?.string == "stripe")
        let log = try String(contentsOf: ingest.log, encoding: .utf8)
        #expect(log.contains(#""event_id":"\#(id)""#), "the log leads to it")
        let shown = try await sandbox.gatepost("rejected", "show", id)
        #expect(shown.succeeded && !shown.output.contains("whsec_"))
        #expect(try await sandbox.gatepost("rejected", "show", id, "--raw").output == body)
        #expect(try await sandbox.gatepost("events", "list").output == "no such event\n")
        #expect(try await sandbox.gatepost("rejected", "reverify", id).status == .exited(1), "nothing has changed yet")

        let dry = try json(try await sandbox.gatepost("rejected", "reverify", "--all", "--dry-run", "--json", extra: mended))
        #expect(dry["admitted"]?.integer == 1)
        #expect(try sandbox.count("webhook_event WHERE signature_valid = 1") == 0)
        let first = try json(try await sandbox.gatepost("rejected", "reverify", "--all", "--json", extra: mended))
        #expect(first["admitted"]?.integer == 1 && first["refused"]?.integer == 0)
        let event = try #require(first["requests"]?[0]?["event_ids"]?[0]?.string)
        let rows = try sandbox.rows("SELECT * FROM webhook_event WHERE signature_valid = 1")
        #expect(rows.count == 1 && rows[0]["id"] == event && rows[0]["status"] == "queued" && rows[0]["created_by"] == "reverify")
        #expect(rows[0]["idempotency_key"] == "stripe:acme:evt_rotated")
        let arrived = try sandbox.rows("SELECT received_at FROM webhook_event ORDER BY seq").map { $0["received_at"] as Int64 }
        #expect(arrived.count == 2 && arrived[0] == arrived[1], "when it came, not when it was taken in")

        let second = try json(try await sandbox.gatepost("rejected", "reverify", "--all", "--json", extra: mended))
        #expect(second["judged"]?.integer == 0)
        #expect(try await sandbox.gatepost("rejected", "reverify", id, extra: mended).succeeded, "settled before")
        #expect(try sandbox.count("job_execution") == 1)
        try await ingest.stop()
        let again = try await sandbox.ingest(mended)
        let repeated = try await sandbox.post(body, as: "stripe", secret: "whsec_rotated")
        #expect(repeated.status == 200 && repeated["event_id"] == event)
        try await again.stop()
        try await sandbox.remove()
    }

    /// A saved request, judged by the settings.
    @Test func saysWhyASavedRequestFails() async throws {
        let sandbox = try await Sandbox()
        func verify(_ secret: String, body: String = "{}", sent: String = "{}", _ more: String...) async throws -> Finished {
            let provider = try #require(Catalogue.provider(named: "github"))
            let request = SignedRequest(method: "POST", url: "", headers: HeaderFields(), body: Bytes(body.utf8))
            let fields = try provider.schemes[0].sign(request, with: Bytes(secret.utf8), now: WallClock.system.now()) ?? []
            let lines = fields.map { "\($0.name): \($0.value)\r\n" }.joined()
            let file = sandbox.folder.appending(path: "request.http")
            try Data("POST /api/webhooks/github/acme/ingest HTTP/1.1\r\nHost: h\r\n\(lines)\r\n\(sent)".utf8).write(to: file)
            return try await sandbox.gatepost(["verify", file.path] + more)
        }
        let good = try await verify("github-acme")
        #expect(good.succeeded && good.output == "verifies, with the secret of tenant acme\n")
        let cut = try await verify("github-acme", sent: "{}\n")
        #expect(cut.status == .exited(1) && cut.output.contains("line feed behind the body is removed") && cut.errors.isEmpty)
        let wrong = try await verify("nobody's", "--json")
        #expect(wrong.status == .exited(1))
        #expect(try json(wrong)["verdict"]?.string == "reject" && json(wrong)["explained"]?.scalarText == "false")
        #expect(!wrong.output.contains("github-acme") && !cut.output.contains("github-acme"))
        #expect(try await sandbox.gatepost("verify", "/nonexistent").status == .exited(2))
        try await sandbox.remove()
    }

    /// The provider tried again before the operator did.
    @Test func whatCameAgainMeanwhileIsADuplicate() async throws {
        let sandbox = try await Sandbox()
        let ingest = try await sandbox.ingest()
        let mended = ["PROVIDER_SECRETS_GITHUB": "acme:github-new"]
        let headers = [("X-GitHub-Event", "push"), ("X-GitHub-Delivery", "d-1")].map { (name: $0.0, value: $0.1) }
        #expect(try await sandbox.post(#"{"a":1}"#, as: "github", secret: "github-new", headers: headers).status == 401)
        try await ingest.stop()
        let again = try await sandbox.ingest(mended)
        let honest = try await sandbox.post(#"{"a":1}"#, as: "github", secret: "github-new", headers: headers)
        #expect(honest.status == 202, "what was rejected claims neither key nor nonce")
        let report = try json(try await sandbox.gatepost("rejected", "reverify", "--all", "--json", extra: mended))
        #expect(report["duplicate"]?.integer == 1 && report["requests"]?[0]?["event_ids"]?[0]?.string == honest["event_id"])
        try await again.stop()
        try await sandbox.remove()
    }

    /// The clock was a quarter of an hour slow.
    @Test func aWrongClockLosesNothing() async throws {
        let sandbox = try await Sandbox()
        let ingest = try await sandbox.ingest()
        let signedAt = WallClock.system.now() + .seconds(900)
        #expect(try await sandbox.post(Events.stripeCustomer(), as: "stripe", at: signedAt).status == 401)
        let before = try json(try await sandbox.gatepost("rejected", "reverify", "--all", "--json"))
        #expect(before["refused"]?.integer == 1)
        let ahead = try json(try await sandbox.gatepost("rejected", "reverify", "--all", "--json", "--clock-was-ahead", "15m"))
        #expect(ahead["refused"]?.integer == 1)
        let mended = try json(try await sandbox.gatepost("rejected", "reverify", "--all", "--json", "--clock-was-behind", "15m"))
        #expect(mended["admitted"]?.integer == 1)
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func aHandshakeIsNoEvent() async throws {
        let sandbox = try await Sandbox(extra: ["PROVIDER_SECRETS_SLACK": "acme:slack-old"])
        let ingest = try await sandbox.ingest()
        let challenge = #"{"type":"url_verification","challenge":"c"}"#
        #expect(try await sandbox.post(challenge, as: "slack", secret: "slack-new").status == 401)
        let mended = ["PROVIDER_SECRETS_SLACK": "acme:slack-new"]
        let report = try json(try await sandbox.gatepost("rejected", "reverify", "--all", "--json", extra: mended))
        #expect(report["not_an_event"]?.integer == 1 && report["admitted"]?.integer == 0)
        try await ingest.stop()
        try await sandbox.remove()
    }

    /// Forged ones by the thousand keep within the bound, and honest ones go through meanwhile.
    @Test func aFloodDisturbsNobody() async throws {
        let sandbox = try await Sandbox(yaml: "rejected:\n  keep: 40\n")
        let ingest = try await sandbox.ingest()
        let refusedOfGitHub = try await sandbox.post("{\"honest\":1}", as: "github", secret: "not-yet")
        #expect(refusedOfGitHub.status == 401)
        let ids = (0..<20).map { "evt_honest_\($0)" }
        let statuses = try await withThrowingTaskGroup(of: [Int].self) { group in
            for lane in 0..<5 {
                group.addTask {
                    var seen: Set<Int> = []
                    for number in 0..<1000 {
                        // The forger knows an honest event's id.
                        let body = Events.stripeCustomer(id: ids[number % ids.count])
                        seen.insert(try await sandbox.post(body, as: "stripe", secret: "forged-\(lane)").status)
                    }
                    return Array(seen)
                }
            }
            group.addTask {
                var answers: [Int] = []
                for id in ids { answers.append(try await sandbox.post(Events.stripeCustomer(id: id), as: "stripe").status) }
                return answers
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        // 429: nginx's own limit on one address.
        #expect(Set(statuses).isSubset(of: [202, 401, 429]))
        let honest = statuses.count { $0 == 202 }
        let stored = try sandbox.count("webhook_event WHERE signature_valid = 1")
        #expect(honest > 0 && honest == stored)
        // One address has 15 of a minute, and the flood may touch several minutes.
        #expect(try sandbox.count("rejection") <= 40)
        #expect(try sandbox.count("rejection WHERE source = 'github'") == 1)
        let perMinute = try sandbox.rows("SELECT max(each) AS most FROM (SELECT count(*) AS each FROM rejection GROUP BY source, minute)")
        let most: Int = try #require(perMinute.first?["most"])
        #expect(most <= 15)
        #expect(try await sandbox.gatepost("rejected", "list").output.contains(" of "))
        try await ingest.stop()
        try await sandbox.remove()
    }
}
