import Common
import Foundation
import Subprocess
import Synchronization
import Testing

/// Ingest is ended while it works: whatever it said 2xx to is in the store.
@Suite struct EndingTests {
    @Test(arguments: [SIGTERM, SIGKILL])
    func losesNothingItAcknowledged(_ signal: Int32) async throws {
        let sandbox = try await Sandbox()
        var ingest = try await sandbox.ingest()
        let acknowledged = Acknowledged()
        for _ in 0..<3 {
            let senders = Task {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<8 {
                        group.addTask {
                            while !Task.isCancelled {
                                let answer = try? await sandbox.post(Events.stripeCustomer(), as: "stripe")
                                if answer?.status == 202, let id = answer?["event_id"] {
                                    acknowledged.insert(id)
                                } else {
                                    try? await Task.sleep(for: .milliseconds(50))  // or nginx's rate limit fills up with refusals
                                }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            let before = acknowledged.ids.count
            try await eventually("events come in") { acknowledged.ids.count > before + 100 }
            ingest.signal(signal)
            let status = try await ingest.wait()
            #expect(status == (signal == SIGTERM ? .exited(0) : .signaled(SIGKILL)))
            senders.cancel()
            try await senders.value
            if signal == SIGTERM {
                let log = try String(contentsOf: ingest.log, encoding: .utf8)
                #expect(acknowledged.ids.allSatisfy { log.contains($0) }, "the last round's lines too")
            }
            ingest = try await sandbox.ingest()
        }
        let stored = Set(try sandbox.rows("SELECT id FROM webhook_event").map { $0["id"] as String })
        let lost = acknowledged.ids.subtracting(stored)
        #expect(lost.isEmpty)
        #expect(try sandbox.count("job_execution") == stored.count)
        try await ingest.stop()
        try await sandbox.remove()
    }

    /// The ids that senders were told, from many tasks at once.
    private final class Acknowledged: Sendable {
        private let told = Mutex<Set<String>>([])

        var ids: Set<String> { told.withLock { $0 } }

        func insert(_ id: String) { told.withLock { _ = $0.insert(id) } }
    }

    @Test func refusesToStartOnWrongSettingsAndNamesEach() async throws {
        let sandbox = try await Sandbox(yaml: "ingest:\n  turns: 500\n  typo: 1\nworker:\n  timeout: never\n")
        let started = try await finish(
            Programs.ingest, ["--socket", sandbox.folder.appending(path: "ingest.sock").path],
            environment: [
                "GATEPOST_CONFIG": sandbox.folder.appending(path: "gatepost.yaml").path,
                "PROVIDER_SECRETS_STRIPE": "acme:very-secret,broken",
                "GATEPOST_DB": sandbox.databasePath,
            ])
        #expect(started.status == .exited(2))
        for part in ["line 2: ingest.turns", "line 3: ingest.typo", "line 5: worker.timeout", "entry 2 is not tenant:secret"] {
            #expect(started.errors.contains(part), "\(part) in: \(started.errors)")
        }
        #expect(!started.errors.contains("very-secret"))
        try await sandbox.remove()
    }

    @Test func saysWhichStoreItCannotOpen() async throws {
        let started = try await finish(
            Programs.ingest, ["--socket", "/tmp/never.sock"],
            environment: ["PROVIDER_SECRETS_STRIPE": "acme:x", "GATEPOST_DB": "/nonexistent/gatepost.db"])
        #expect(started.status == .exited(1))
        #expect(started.errors.contains("cannot open event store /nonexistent/gatepost.db"))
    }

    /// Whatever arguments a CGI server makes of a query string: `?--socket+/tmp/x`.
    @Test(arguments: ["", " --socket /tmp/gatepost-never.sock", " --help", " --version", " --no-such"])
    func answersOneRequestByPlainCGI(_ arguments: String) async throws {
        let sandbox = try await Sandbox()
        let body = Events.stripeCustomer()
        let parameters = try Sandbox.stripeParameters(body)
        var environment = Sandbox.secrets
        environment.merge(parameters) { $1 }
        environment.merge([
            "GATEWAY_INTERFACE": "CGI/1.1", "GATEPOST_DB": sandbox.databasePath, "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
        ]) { $1 }
        let bodyFile = sandbox.folder.appending(path: "body.json")
        try Data(body.utf8).write(to: bodyFile)
        let answer = try await finish(
            "/bin/sh", ["-c", "exec \(Programs.ingest)\(arguments) < \(bodyFile.path)"], environment: environment)
        #expect(answer.succeeded)
        #expect(answer.output.hasPrefix("Status: 202 Accepted\r\n"), "\(answer.output) \(answer.errors)")
        #expect(try sandbox.count("webhook_event") == 1)
        #expect(try sandbox.count("ingest_timing WHERE length(timings) = 20") == 1)
        try await sandbox.remove()
    }

    /// Xero wants a refusal without body, by whatever way it comes.
    @Test(arguments: [("xero", "X_XERO_SIGNATURE", true), ("stripe", "STRIPE_SIGNATURE", false)])
    func plainCGIRefusesInTheProvidersWords(_ source: String, header: String, isBare: Bool) async throws {
        let sandbox = try await Sandbox()
        let environment = [
            "PROVIDER_SECRETS_\(source.uppercased())": "acme:secret", "GATEWAY_INTERFACE": "CGI/1.1", "GATEPOST_DB": sandbox.databasePath,
            "REQUEST_METHOD": "POST", "PATH_INFO": "/api/webhooks/\(source)/ingest", "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": "2", "HTTP_\(header)": "t=1,v1=AAAA",
        ]
        let answer = try await finish("/bin/sh", ["-c", "printf '{}' | \(Programs.ingest)"], environment: environment)
        #expect(answer.output.hasPrefix("Status: 401 Unauthorized\r\n"), "\(answer.output) \(answer.errors)")
        #expect(answer.output.contains("problem+json") == !isBare)
        try await sandbox.remove()
    }
}
