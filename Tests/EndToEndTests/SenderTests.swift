import Common
import Foundation
import Testing

/// Whose address an event keeps, with a proxy before nginx and without.
@Suite struct SenderTests {
    @Test(arguments: [
        ("no proxy is named: nobody is believed", "", "198.51.100.7", "127.0.0.1"),
        ("another is", "set_real_ip_from 203.0.113.10;", "198.51.100.7", "127.0.0.1"),
        ("this one is", "set_real_ip_from 127.0.0.1;", "198.51.100.7", "198.51.100.7"),
        ("the caller wrote one before it", "set_real_ip_from 127.0.0.1;", "192.0.2.66, 198.51.100.7", "198.51.100.7"),
        (
            "two proxies", "set_real_ip_from 127.0.0.1; set_real_ip_from 203.0.113.0/24;", "192.0.2.66, 198.51.100.7, 203.0.113.4",
            "198.51.100.7"
        ),
    ])
    func isTheProxysWordWhereItIsTrusted(_ name: String, lines: String, header: String, address: String) async throws {
        let nginx = "\(lines) real_ip_header X-Forwarded-For; real_ip_recursive on;"
        let sandbox = try await Sandbox(nginx: nginx)
        let ingest = try await sandbox.ingest()
        let answer = try await sandbox.post(
            Events.stripeCustomer(), as: "stripe", headers: [("X-Forwarded-For", header), ("User-Agent", "Stripe/1.0 (test)")])
        #expect(answer.status == 202)
        let row = try #require(try sandbox.rows("SELECT source_ip, user_agent, created_by FROM webhook_event").first)
        #expect(row["source_ip"] as String? == address, "\(name)")
        #expect(row["user_agent"] as String? == "Stripe/1.0 (test)" && row["created_by"] as String == "ingest")
        try await ingest.stop()
        try await sandbox.remove()
    }
}
