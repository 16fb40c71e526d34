import Common
import Foundation
import Subprocess
import Testing

/// The machine's clock jumps while the programs run.
@Suite struct ClockTests {
    @Test(arguments: [("a day forward", 86_400), ("an hour back", -3600)])
    func ingestGoesOnAndKnowsRepeats(_ what: String, _ jump: Int) async throws {
        let sandbox = try await Sandbox()
        let faults = try await Faults(for: sandbox)
        let ingest = try await sandbox.ingest(faults.environment)
        let body = Events.stripeCustomer()
        let first = try await sandbox.post(body, as: "stripe")
        #expect(first.status == 202)
        try faults.putClock(by: jump)
        let moment = WallClock.system.now() + .seconds(jump)
        let second = try await sandbox.post(Events.stripeCustomer(), as: "stripe", at: moment)
        #expect(second.status == 202, "\(what)")
        #expect(try #require(first["event_id"]) < #require(second["event_id"]), "\(what): ids rise")
        let again = try await sandbox.post(body, as: "stripe", at: moment)
        #expect(again.status == 200 && again["event_id"] == first["event_id"], "\(what)")
        // Signed times are judged by the clock as it is.
        #expect(try await sandbox.post(Events.stripeCustomer(), as: "stripe").status == 401, "\(what)")
        try await ingest.stop()
        try await sandbox.remove()
    }

    /// One push is held by a worker that has died, one waits for its next try, one has only come in.
    @Test(arguments: [("a day forward", 86_400), ("an hour back", -3600)])
    func whatWaitsIsPushedInItsTime(_ what: String, _ jump: Int) async throws {
        let wordpress = try StandIn { call, number in number == 0 ? .applied(call) { _ in 503 } : .applied(call) }
        let sandbox = try await Sandbox(wordpress: wordpress.url, yaml: "worker:\n  lease: 5s\n  timeout: 4s\n")
        let faults = try await Faults(for: sandbox)
        let ingest = try await sandbox.ingest()
        #expect(try await sandbox.post(Events.stripeInvoice(customer: "cus_tried"), as: "stripe").status == 202)
        try await sandbox.worker(faults.environment)
        #expect(try await sandbox.post(Events.stripeInvoice(customer: "cus_held"), as: "stripe").status == 202)
        let held = faults.environment.merging(["GATEPOST_FAIL_AT": "before-push=cus_held"]) { $1 }
        #expect(try await sandbox.worker(held).status == .signaled(SIGKILL))
        #expect(try await sandbox.post(Events.stripeInvoice(customer: "cus_new"), as: "stripe").status == 202)
        try faults.putClock(by: jump)
        try await eventually("\(what): all three are processed") {
            #expect(try await sandbox.worker(faults.environment).succeeded)
            return try sandbox.count("webhook_event WHERE status = 'processed'") == 3
        }
        let keys = wordpress.calls.flatMap { $0.items.map(\.key) }
        #expect(Set(keys).count == 3, "\(what)")
        try await ingest.stop()
        try await sandbox.remove()
    }
}
