import Testing

@testable import Common
@testable import IngestFCGI

@Suite struct IngestCountTests {
    private func counts(path: String, tenant: String? = nil) throws -> Set<[String]> {
        let head = RequestHead([("REQUEST_URI", path)] + (tenant.map { [("GATEPOST_TENANT", $0)] } ?? []))
        var counts = Counters()
        counts.refuse(.emptyBody, head, by: try Gateway.sample())
        return Set(counts.counts.keys.map { [$0.metric.rawValue, $0.first, $0.second, $0.third] })
    }

    /// What strangers think of makes no rows.
    @Test(arguments: [
        ("/api/webhooks/stripe/ingest", nil, "stripe", "unknown"), ("/api/webhooks/stripe/acme/ingest", nil, "stripe", "acme"),
        ("/api/webhooks/stripe/acme", nil, "stripe", "acme"), ("/api/webhooks/stripe/nobody/ingest", nil, "stripe", "unknown"),
        ("/api/webhooks/stripe/ingest", "acme", "stripe", "acme"), ("/api/webhooks/invented/acme/ingest", nil, "unknown", "unknown"),
        ("/", nil, "unknown", "unknown"), ("/wp-login.php", nil, "unknown", "unknown"),
    ])
    func countsARefusalUnderNamesOfOurs(path: String, tenant: String?, source: String, counted: String) throws {
        #expect(
            try counts(path: path, tenant: tenant) == [
                ["webhook_ingest_fail_count_total", source, "empty_body", ""],
                ["webhook_ingest_count_total", source, counted, "refused"],
            ])
    }
}
