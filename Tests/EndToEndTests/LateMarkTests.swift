import Common
import Foundation
import Testing

@Suite struct LateMarkTests {
    /// So many folded events that their rows are written later: killed in between, the next worker writes them and pushes nothing again.
    @Test func aKillBetweenSettlingAndMarkingLosesNothing() async throws {
        let wordpress = try StandIn()
        let sandbox = try await Sandbox(wordpress: wordpress.url)
        let ingest = try await sandbox.ingest()
        for person in 0..<3 {
            let events = (0..<80).map {
                (id: person * 100 + $0, type: "contact.propertyChange", object: person + 1, property: "p\($0)", value: "v")
            }
            #expect(try await sandbox.post(Events.hubspot(events), as: "hubspot").status == 202)
        }
        #expect(try await sandbox.worker(["GATEPOST_FAIL_AT": "after-settle"]).status == .signaled(SIGKILL))
        #expect(try sandbox.count("settled_push") == 3)
        #expect(try sandbox.count("webhook_event WHERE status = 'queued'") == 240)
        let calls = wordpress.calls.count
        #expect(try await sandbox.worker().succeeded)
        #expect(try sandbox.count("webhook_event WHERE status = 'processed' AND attempts = 1") == 240)
        #expect(try sandbox.count("job_execution WHERE status = 'done' AND http_status = 200") == 240)
        #expect(try sandbox.count("settled_push") == 0)
        #expect(wordpress.calls.count == calls, "WordPress hears nothing twice")
        try await ingest.stop()
        try await sandbox.remove()
    }
}
