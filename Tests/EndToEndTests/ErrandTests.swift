import Common
import Foundation
import Testing
import Transport

/// Certificates and confirmations through nginx, ingest and worker, the provider's own host stood in for.
@Suite struct ErrandTests {
    private static let topic = "arn:aws:sns:eu-west-1:123456789012:orders"
    private static let secrets = ["PROVIDER_SECRETS_PAYPAL": "acme:WH-1", "PROVIDER_SECRETS_AWS_SNS": "acme:\(topic)"]
    private static let certificate = "/v1/notifications/certs/CERT-1"

    private func payPal(
        _ sandbox: Sandbox, _ host: ProviderHost, id: String = "WH-E1", certificate: String = certificate, webhook: String = "WH-1"
    ) async throws -> HTTPResponse {
        let body = #"{"id":"\#(id)","event_type":"PAYMENT.SALE.COMPLETED","resource":{"id":"S1"}}"#
        let time = Timestamp(milliseconds: WallClock.system.now().milliseconds).description
        let signature = try await host.sign("t-1|\(time)|\(webhook)|\(crc32(Bytes(body.utf8)))")
        return try await sandbox.request(
            "POST", "/api/webhooks/paypal/acme/ingest",
            headers: [
                ("Content-Type", "application/json"), ("PAYPAL-TRANSMISSION-ID", "t-1"), ("PAYPAL-TRANSMISSION-TIME", time),
                ("PAYPAL-TRANSMISSION-SIG", signature), ("PAYPAL-AUTH-ALGO", "SHA256withRSA"),
                ("PAYPAL-CERT-URL", "https://api.paypal.com\(certificate)"),
            ], body: Bytes(body.utf8))
    }

    @Test func payPalsCertificateIsFetchedOnce() async throws {
        let host = try await ProviderHost(names: ["api.paypal.com"])
        try await host.publish("messageverificationcerts.paypal.com", at: Self.certificate)
        let sandbox = try await Sandbox(extra: Self.secrets, yaml: host.yaml)
        let ingest = try await sandbox.ingest()

        let first = try await payPal(sandbox, host)
        #expect(first.status == 503 && first.header("retry-after") != nil)
        #expect(first.header("content-type") == "application/problem+json" && !first.text.contains("certificate"))
        #expect(try await payPal(sandbox, host).status == 503)
        #expect(try sandbox.count("errand") == 1, "asked for once")
        #expect(try sandbox.count("webhook_event") == 0)
        #expect(try await sandbox.gatepost("status").output.contains("errands 1 waiting\n"))

        try await sandbox.worker(host.environment)
        #expect(host.asked == ["GET https://api.paypal.com\(Self.certificate) 200"])
        let third = try await payPal(sandbox, host)
        #expect(third.status == 202)
        #expect(try await payPal(sandbox, host).status == 200, "a duplicate")
        #expect(try await payPal(sandbox, host, id: "WH-E2", webhook: "WH-other").status == 401)
        // Nobody goes again before it is due.
        try await sandbox.worker(host.environment)
        #expect(host.asked.count == 1)
        let list = try await sandbox.gatepost("errands", "list", "--json")
        #expect(list.succeeded && list.output.contains(#""status": "done""#) && !list.output.contains("BEGIN"))

        try await ingest.stop()
        let again = try await sandbox.ingest()
        #expect(try await payPal(sandbox, host, id: "WH-E3").status == 202, "from the store, after a restart")
        try await again.stop()
        try await sandbox.remove()
        try await host.remove()
    }

    @Test func strangersFillNothingAndLeadNowhere() async throws {
        let host = try await ProviderHost(names: ["api.paypal.com"])
        try await host.publish("example.net", at: "/v1/notifications/certs/FOREIGN")
        let sandbox = try await Sandbox(extra: Self.secrets, yaml: host.yaml)
        let ingest = try await sandbox.ingest()
        for path in ["/v1/notifications/certs/FOREIGN", "/elsewhere/c", "/missing"] {
            #expect(try await payPal(sandbox, host, certificate: path).status == 503)
        }
        for number in 0..<30 { #expect(try await payPal(sandbox, host, certificate: "/missing-\(number)").status == 503) }
        #expect(try sandbox.count("errand") == 4, "one address has no more")
        try await sandbox.worker(host.environment)
        #expect(host.asked.count == 4 && host.asked.allSatisfy { $0.contains("https://api.paypal.com/") }, "no redirect is followed")
        #expect(try sandbox.count("errand WHERE status = 'failed' AND body IS NULL") == 4)
        #expect(try await payPal(sandbox, host, certificate: "/v1/notifications/certs/FOREIGN").status == 503)
        #expect(try sandbox.count("webhook_event") == 0)
        let status = try await sandbox.gatepost("status", "--json")
        #expect(status.output.contains(#""failed": 4"#))
        try await ingest.stop()
        try await sandbox.remove()
        try await host.remove()
    }

    /// The host's name alone is no proof: TLS has to show that it is the provider's.
    @Test func aHostThatIsNotTheProvidersIsNotBelieved() async throws {
        let host = try await ProviderHost(names: ["example.net"])
        try await host.publish("messageverificationcerts.paypal.com", at: Self.certificate)
        let sandbox = try await Sandbox(extra: Self.secrets, yaml: host.yaml)
        let ingest = try await sandbox.ingest()
        #expect(try await payPal(sandbox, host).status == 503)
        try await sandbox.worker(host.environment)
        #expect(host.asked.isEmpty)
        let row = try #require(try sandbox.rows("SELECT status, error FROM errand").first)
        #expect(row["status"] == "waiting" && (row["error"] as String?)?.hasPrefix("api.paypal.com: tls: ") == true)
        #expect(try await sandbox.gatepost("status").output.contains("errands 1 waiting, 1 failing: api.paypal.com: tls: "))
        try await ingest.stop()
        try await sandbox.remove()
        try await host.remove()
    }

    private func sns(_ sandbox: Sandbox, _ host: ProviderHost, type: String, topic: String = topic) async throws -> HTTPResponse {
        let url = "https://sns.eu-west-1.amazonaws.com"
        var fields = [
            "Type": type, "MessageId": "m-\(type)", "TopicArn": topic, "Message": "hello",
            "Timestamp": WallClock.system.now().description,
        ]
        if type != "Notification" {
            fields["Token"] = "token-1"
            fields["SubscribeURL"] = "\(url)/?Action=ConfirmSubscription&TopicArn=\(topic)&Token=token-1"
        }
        let signed = fields.sorted { $0.key < $1.key }.map { "\($0.key)\n\($0.value)\n" }.joined()
        let message = fields.merging([
            "SignatureVersion": "2", "Signature": try await host.sign(signed), "SigningCertURL": "\(url)/SimpleNotificationService-1.pem",
        ]) { $1 }
        return try await sandbox.request(
            "POST", "/api/webhooks/aws-sns/acme/ingest", headers: [("Content-Type", "text/plain; charset=UTF-8")],
            body: Bytes(try JSONEncoder().encode(message)))
    }

    @Test func aSubscriptionConfirmsItself() async throws {
        let host = try await ProviderHost(names: ["sns.eu-west-1.amazonaws.com"])
        try await host.publish("sns.amazonaws.com", at: "/SimpleNotificationService-1.pem")
        let sandbox = try await Sandbox(extra: Self.secrets, yaml: host.yaml)
        let ingest = try await sandbox.ingest()
        #expect(try await sns(sandbox, host, type: "SubscriptionConfirmation", topic: Self.topic + "-other").status == 401)
        #expect(try sandbox.count("errand") == 0, "nothing is fetched for a stranger's topic")
        #expect(try await sns(sandbox, host, type: "SubscriptionConfirmation").status == 503)
        try await sandbox.worker(host.environment)
        #expect(try await sns(sandbox, host, type: "SubscriptionConfirmation").status == 202)
        #expect(try sandbox.count("errand WHERE kind = 'confirmation' AND status = 'waiting' AND tenant = 'acme'") == 1)
        let worker = try await sandbox.worker(host.environment)
        #expect(worker.errors.contains("subscription confirmed") && !worker.errors.contains("token-1"))
        #expect(
            host.asked.last
                == "GET https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=\(Self.topic)&Token=token-1 200")
        #expect(try await sns(sandbox, host, type: "UnsubscribeConfirmation").status == 202)
        #expect(try await sns(sandbox, host, type: "Notification").status == 202)
        try await sandbox.worker(host.environment)
        #expect(host.asked.count == 2, "once, and what ends a subscription is only noted")
        #expect(try await !sandbox.gatepost("errands", "--json").output.contains("token-1"))
        try await ingest.stop()
        try await sandbox.remove()
        try await host.remove()
    }
}

/// CRC-32 as in zlib.
private func crc32(_ bytes: Bytes) -> UInt32 {
    ~bytes.reduce(UInt32.max) { sum, byte in
        (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
}
