import Common
import Foundation
import GRDB
import Testing

/// What happens on ingest's own socket, below nginx.
@Suite struct ConnectionTests {
    /// The record that ends a body may come later than the body; it must not be taken for the beginning of the next request.
    @Test func aLateEndOfBodyLeavesTheConnectionInStep() async throws {
        let sandbox = try await Sandbox()
        let ingest = try await sandbox.ingest()
        let client = try FastCGIClient(path: sandbox.socketPath)
        for _ in 0..<5 {
            let body = Events.stripeCustomer()
            try client.begin(try Sandbox.stripeParameters(body), body: Bytes(body.utf8))
            // Not `Task.sleep`: on a busy machine it is resumed seconds later, when ingest has given the sender up.
            usleep(30_000)
            try client.endBody()
            #expect(try client.answer().hasPrefix("Status: 202"))
        }
        #expect(try sandbox.count("webhook_event") == 5)
        try await ingest.stop()
        try await sandbox.remove()
    }

    /// Every length of head and body: the end may fall anywhere in libfcgi's buffer.
    @Test func everyLengthLeavesTheConnectionInStep() async throws {
        let sandbox = try await Sandbox()
        let ingest = try await sandbox.ingest()
        let client = try FastCGIClient(path: sandbox.socketPath)
        for size in 7600..<7900 {
            let id = Events.id()
            let body = "{\"id\":\"\(id)\",\"type\":\"ping\",\"pad\":\"\(String(repeating: "x", count: size - id.count))\"}"
            try client.begin(try Sandbox.stripeParameters(body), body: Bytes(body.utf8))
            try client.endBody()
            #expect(try client.answer().hasPrefix("Status: 202"), "size \(size)")
        }
        try await ingest.stop()
        try await sandbox.remove()
    }

    @Test func aBodyThatEndsEarlyIsRefusedAndStoresNothing() async throws {
        let sandbox = try await Sandbox()
        let ingest = try await sandbox.ingest()
        let client = try FastCGIClient(path: sandbox.socketPath)
        let body = Events.stripeCustomer()
        try client.begin(try Sandbox.stripeParameters(body), body: Bytes(body.utf8.dropLast()))
        try client.endBody()
        #expect(try client.answer().hasPrefix("Status: 400"))
        #expect(try sandbox.count("webhook_event") == 0)
        try await ingest.stop()
        try await sandbox.remove()
    }

    /// While the store is locked, requests wait; those beyond the limit hear 503 at once when their turn comes, and the rest are stored.
    @Test func refusesWhatWaitsBeyondTheLimit() async throws {
        let sandbox = try await Sandbox(yaml: "ingest:\n  turns: 1\n  max-waiting: 8\n")
        let ingest = try await sandbox.ingest()
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let locker = try DatabaseQueue(path: sandbox.databasePath, configuration: configuration)
        try await locker.writeWithoutTransaction { try $0.execute(sql: "BEGIN EXCLUSIVE") }
        func client() throws -> FastCGIClient {
            let client = try FastCGIClient(path: sandbox.socketPath)
            let body = Events.stripeCustomer()
            try client.begin(try Sandbox.stripeParameters(body), body: Bytes(body.utf8))
            try client.endBody()
            return client
        }
        let first = try client()  // the turn waits for the lock with this one
        try await Task.sleep(for: .milliseconds(300))
        let others = try (0..<30).map { _ in try client() }
        try await locker.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
        let answers = try ([first] + others).map { try String($0.answer().prefix(11)) }
        #expect(answers.contains("Status: 202"))
        #expect(answers.contains("Status: 503"))
        #expect(try sandbox.count("webhook_event") == answers.filter { $0 == "Status: 202" }.count)
        #expect(try await sandbox.request("GET", "/healthz").status == 200)
        try await ingest.stop()
        try await sandbox.remove()
    }
}
