import Common
import Foundation
import Testing

/// Events of a store with a data key and privacy rules, out into a file and in again: nothing comes twice, nothing is left in plain.
@Suite struct BackfillFileTests {
    private static let rules = """
        sources:
          woocommerce:
            privacy: {preset: no-addresses, drop: [$.transaction_id], hash: [$..email]}
          stripe:
            privacy: {hash: [$..email], drop: [$.created]}
        """
    private static let secrets = ["PROVIDER_SECRETS_WOOCOMMERCE": "acme:woo"]

    private func gateway(_ yaml: String? = rules) async throws -> Sandbox {
        try await Sandbox(extra: Self.secrets.merging(["GATEPOST_DATA_KEY": DataKey.generate().text]) { $1 }, yaml: yaml)
    }

    private static let order = """
        {"id":41,"status":"processing","transaction_id":"tx-secret","date_modified_gmt":"2026-01-02T03:04:05","customer_id":3,\
        "customer_ip_address":"192.0.2.77","billing":{"email":"anna@example.com","phone":"0123-secret"}}
        """

    private func pay(_ sandbox: Sandbox) async throws -> Int {
        try await sandbox.post(
            Self.order, as: "woocommerce", headers: [("X-WC-Webhook-Topic", "order.updated"), ("X-WC-Webhook-Delivery-ID", "d-1")]
        ).status
    }

    private func file(_ sandbox: Sandbox, _ text: String) throws -> String {
        let path = sandbox.folder.appending(path: "events.jsonl").path
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    private func keys(_ sandbox: Sandbox) throws -> [String] {
        try sandbox.rows("SELECT idempotency_key || ' ' || occurred_at AS k FROM webhook_event ORDER BY 1").map { $0["k"] }
    }

    /// The key of a WooCommerce event has the body's digest in it, and what is stored is not the body.
    @Test func aMinimisedEventComesBackUnderItsOwnKey() async throws {
        let one = try await gateway()
        let ingest = try await one.ingest()
        #expect(try await pay(one) == 202)
        #expect(try await one.post(Events.stripeCustomer(id: "evt_1", email: "anna@example.com"), as: "stripe").status == 202)
        let export = try await one.gatepost("events", "export", "--tenant", "acme")
        #expect(export.succeeded && export.output.split(separator: "\n").count == 2, "\(export.errors)")
        let lines = export.output.split(separator: "\n").compactMap { (try? JSONDocument(Bytes($0.utf8)))?.root }
        let bodies = lines.compactMap { $0["body_base64"]?.string.flatMap { Base64.decode(Bytes($0.utf8)) } }
        let plain = bodies.map { String(decoding: $0, as: UTF8.self) }.joined()
        for text in ["tx-secret", "0123-secret", "192.0.2.77", "anna@"] { #expect(!plain.contains(text), "\(text)") }

        let into = try await one.gatepost("backfill", file(one, export.output), "--tenant", "acme", "--json")
        #expect(try BackfillStripeTests.counts(into)["taken"] == 0 && one.count("webhook_event") == 2, "\(into.output)\(into.errors)")

        // Another gateway, with another data key.
        let two = try await gateway()
        let other = try await two.ingest()
        let run = try await two.gatepost("backfill", file(two, export.output), "--tenant", "acme", "--json")
        #expect(try run.succeeded && BackfillStripeTests.counts(run)["taken"] == 2, "\(run.errors)")
        #expect(try keys(two) == keys(one))
        #expect(try two.count("webhook_event WHERE headers LIKE 'sealed:%'") == 2)
        #expect(try two.count("webhook_event WHERE lane LIKE '#%'") == 2)
        // The provider sends it there, late and whole.
        #expect(try await pay(two) == 200)
        #expect(try two.count("webhook_event") == 2)
        for daemon in [ingest, other] { try await daemon.stop() }
        for sandbox in [one, two] { try await sandbox.remove() }
    }

    @Test(arguments: [
        ("another source's", "github:acme:evt_2", "stripe:acme:evt_1"), ("another tenant's", "stripe:club:evt_2", "stripe:acme:evt_1"),
        ("none", "stripe:acme:", "stripe:acme:evt_1"), ("one that was given up", "stripe:acme:evt_2#lost-77", "stripe:acme:evt_2"),
        ("too long a one", "stripe:acme:" + String(repeating: "x", count: 401), "stripe:acme:evt_1"),
        ("its own", "stripe:acme:evt_2", "stripe:acme:evt_2"),
    ])
    func aKeyIsTakenWhereItIsOne(_ name: String, key: String, becomes expected: String) async throws {
        let sandbox = try await Sandbox()
        let line =
            #"{"source":"stripe","tenant":"acme","idempotency_key":"\#(key)","body":{"id":"evt_1","type":"invoice.paid","created":1764000000}}"#
        #expect(try await sandbox.gatepost("backfill", file(sandbox, line), "--tenant", "acme").succeeded)
        #expect(try sandbox.rows("SELECT idempotency_key AS k FROM webhook_event").map { $0["k"] as String } == [expected], "\(name)")
        try await sandbox.remove()
    }

    /// A line longer than any event is passed over, and does not take the memory that it asks for.
    @Test func aLineWithoutEndIsRefusedUnread() async throws {
        let sandbox = try await Sandbox()
        let path = try file(sandbox, "")
        let handle = try FileHandle(forWritingTo: URL(filePath: path))
        try handle.seek(toOffset: UInt64(ExportLineLimit.bytes) * 3)
        let line = #"{"source":"stripe","body":{"id":"evt_1","type":"invoice.paid","created":1764000000}}"#
        try handle.write(contentsOf: Data("\n\(line)\n".utf8))
        try handle.close()
        let run = try await finish(
            "/bin/sh", ["-c", "ulimit -v 1000000; exec \"$0\" \"$@\"", Programs.gatepost, "backfill", path, "--tenant", "acme"],
            environment: sandbox.environment)
        #expect(run.status == .exited(1) && run.errors.contains("line 1: is longer than"), "\(run.status) \(run.errors)")
        #expect(try sandbox.count("webhook_event") == 1, "the line behind it")
        try await sandbox.remove()
    }

    private enum ExportLineLimit { static let bytes = 192 << 20 }

    /// Whoever takes people's data out in bulk is written down.
    @Test func anExportIsInTheAudit() async throws {
        let sandbox = try await Sandbox()
        let ingest = try await sandbox.ingest()
        #expect(try await sandbox.post(Events.stripeInvoice(), as: "stripe").status == 202)
        #expect(try await sandbox.gatepost("events", "export", "--source", "stripe", "--since", "1d").succeeded)
        let rows = try sandbox.rows("SELECT object, count FROM audit WHERE action = 'events.export'")
        #expect(rows.count == 1 && (rows.first?["object"] as String?)?.contains("stripe") == true, "\(rows)")
        try await ingest.stop()
        try await sandbox.remove()
    }
}
