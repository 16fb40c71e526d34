import Common
import Foundation
import Testing

/// A WordPress whose certificate comes from an authority of the operator's own.
@Suite struct TLSTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var name = "IP:127.0.0.1"
        var days = 30
        var isTold = true
        /// Nil: the event arrives.
        let cause: String?
    }

    @Test(arguments: [
        Case(testDescription: "with ca-file", cause: nil),
        Case(testDescription: "without", isTold: false, cause: "tls_untrusted"),
        Case(testDescription: "for another name", name: "DNS:www.example.com", cause: "tls_name"),
        Case(testDescription: "expired", days: -1, cause: "tls_expired"),
    ])
    func aPrivateAuthorityIsTrustedWhereItIsNamed(_ one: Case) async throws {
        let wordpress = try StandIn()
        let front = try await TLSFront(before: wordpress.url, name: one.name, days: one.days)
        let yaml = one.isTold ? "tenants:\n  acme:\n    ca-file: \(front.authority)\n" : nil
        let sandbox = try await Sandbox(wordpress: front.url, yaml: yaml)
        let ingest = try await sandbox.ingest()
        #expect(try await sandbox.post(Events.stripeInvoice(), as: "stripe").status == 202)
        try await sandbox.worker()
        let job = try #require(try sandbox.rows("SELECT cause, status FROM job_execution").first)
        #expect(job["cause"] == one.cause)
        #expect(job["status"] == (one.cause == nil ? "done" : "waiting"), "a certificate can be mended: it is tried again")
        #expect(wordpress.calls.count == (one.cause == nil ? 1 : 0), "nothing is said to a stranger")
        try await ingest.stop()
        try await sandbox.remove()
        try await front.remove()
    }
}
