import Foundation
import Testing

@testable import Common

@Suite struct SettingsReportTests {
    private static let yaml = """
        ingest:
          turns: 4
        retention:
          processed: 90d
        alerts:
          webhook: https://chat.example.com/hooks/very-secret-path
        sources:
          stripe:
            body-limit: 1MiB
            longest-quiet: 2h
            routes:
              customer.tax_id.*: user-sync
        tenants:
          shop:
            wordpress: https://www.example.com
            user: gatepost
            cutover:
              stripe/*: 25%
        """

    private static func report(_ scratch: Scratch) throws -> SettingsReport {
        let secrets = try scratch.write(
            "# a comment\nPROVIDER_SECRETS_STRIPE=shop:whsec_one\nHMAC_SHARED_SECRET__SHOP=shared-by-both\nWORDPRESS_TOKEN=general-token\n",
            to: "secrets.env")
        return SettingsReport(
            try settings(
                ["GATEPOST_SECRETS": secrets, "GATEPOST_DB": "/srv/x.db"], in: scratch, yaml: yaml))
    }

    private static func row(_ groups: [SettingsReport.Group], _ name: String) throws -> SettingsReport.Row {
        try #require(groups.flatMap(\.rows).first { $0.name == name }, "\(name)")
    }

    @Test(arguments: [
        ("ingest.turns", "4", "@/gatepost.yaml:2", false), ("ingest.body-limit", "512KiB", "default", true),
        ("worker.lease", "45s", "default", true), ("worker.retry-longest", "1d", "default", true),
        ("database", "/srv/x.db", "GATEPOST_DB, environment", false), ("retention.processed", "90d", "@/gatepost.yaml:4", false),
        ("retention.failed", "for ever", "default", true), ("alerts.webhook", "https://chat.example.com/…", "@/gatepost.yaml:6", false),
        ("GATEPOST_ALERT_SLACK_URL", "not set", "default", true),
    ])
    func general(_ name: String, value: String, origin: String, isDefault: Bool) throws {
        let scratch = try Scratch()
        let row = try Self.row(Self.report(scratch).general, name)
        #expect(row.value == value && row.origin.replacing(scratch.path, with: "@") == origin && row.isDefault == isDefault, "\(row)")
    }

    @Test(arguments: [
        ("sources.stripe.body-limit", "1MiB", "@/gatepost.yaml:9"), ("sources.stripe.longest-quiet", "2h", "@/gatepost.yaml:10"),
        ("sources.stripe.routes.customer.tax_id.*", "user-sync", "@/gatepost.yaml:12"), ("sources.stripe.allow", "any address", "default"),
    ])
    func source(_ name: String, value: String, origin: String) throws {
        let scratch = try Scratch()
        let group = try #require(try Self.report(scratch).source("stripe"))
        let row = try Self.row([group], name)
        #expect(row.value == value && row.origin.replacing(scratch.path, with: "@") == origin, "\(row)")
    }

    @Test(arguments: [
        ("tenants.shop.wordpress", "https://www.example.com", "@/gatepost.yaml:15"),
        ("tenants.shop.user", "gatepost", "@/gatepost.yaml:16"),
        ("tenants.shop.cutover.stripe/*", "25%", "@/gatepost.yaml:18"), ("tenants.shop.auth", "application-password", "default"),
        (
            "HMAC_SHARED_SECRET", "fingerprint \(ProviderSecret(Secret("shared-by-both")).fingerprint)",
            "HMAC_SHARED_SECRET__SHOP, @/secrets.env:3"
        ),
        ("WORDPRESS_TOKEN", "fingerprint \(ProviderSecret(Secret("general-token")).fingerprint)", "WORDPRESS_TOKEN, @/secrets.env:4"),
        ("WORDPRESS_APP_PASSWORD", "not set", "default"),
    ])
    func tenant(_ name: String, value: String, origin: String) throws {
        let scratch = try Scratch()
        let group = try #require(try Self.report(scratch).tenant("shop"))
        let row = try Self.row([group], name)
        #expect(row.value == value && row.origin.replacing(scratch.path, with: "@") == origin, "\(row)")
    }

    @Test func noSecretIsInIt() throws {
        let report = try Self.report(Scratch())
        let groups = report.general + [report.source("stripe"), report.tenant("shop")].compactMap { $0 }
        let text = groups.flatMap(\.rows).map { "\($0)" }.joined()
        for secret in ["whsec_one", "shared-by-both", "general-token", "very-secret-path"] { #expect(!text.contains(secret)) }
        #expect(report.source("github") == nil && report.tenant("club") == nil)
    }

    @Test(arguments: [
        (Duration.zero, "0ms"), (.milliseconds(1500), "1500ms"), (.seconds(59), "59s"), (.seconds(120), "2min"), (.seconds(86_400), "1d"),
        (.seconds(90_000), "25h"),
    ])
    func durations(_ duration: Duration, _ words: String) { #expect(SettingsReport.words(duration) == words) }

    @Test(arguments: [(0, "0"), (1000, "1000"), (1024, "1KiB"), (1536 << 10, "1536KiB"), (64 << 20, "64MiB")])
    func sizes(_ bytes: Int, _ words: String) { #expect(SettingsReport.words(bytes) == words) }

    /// What the document lists for all sources and tenants has its row.
    @Test func everySettingOfTheDocumentHasItsRow() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/settings.md"), encoding: .utf8)
        let rows = text.matches(of: /\n\| `([a-z-]+(?:\.[A-Za-z-]+)*)` \| ([a-z, ]+) \|/)
        let sections = ["section", "time or section"]
        let documented = rows.filter { !sections.contains(String($0.2)) && !$0.1.contains("NAME") }.map { String($0.1) }
        #expect(documented.count > 30)
        let shown = Set(SettingsReport(Settings()).general.flatMap(\.rows).map(\.name))
        for name in documented { #expect(shown.contains(name), "\(name)") }
    }
}
