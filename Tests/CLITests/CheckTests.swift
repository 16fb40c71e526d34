import Foundation
import Testing

@testable import Common
@testable import GatepostCLI

@Suite struct CheckTests {
    /// What is wrong with settings that are this environment alone.
    private func gaps(_ variables: [String: String]) throws -> [String] {
        let scratch = try Scratch()
        for file in ["gatepost.yaml", "secrets.env"] { try Data().write(to: URL(fileURLWithPath: "\(scratch.path)/\(file)")) }
        let own = ["GATEPOST_CONFIG": scratch.path + "/gatepost.yaml", "GATEPOST_SECRETS": scratch.path + "/secrets.env"]
        return try Settings.load(process: own.merging(variables) { $1 }).gaps.map(\.text)
    }

    private let source = ["PROVIDER_SECRETS_STRIPE": "shop:whsec_1,shop:whsec_2"]
    private let site = ["WORDPRESS_BASE_URL": "https://shop.example.com"]

    @Test(arguments: [
        ["HMAC_SHARED_SECRET": "s"], ["WORDPRESS_TOKEN": "t"], ["WORDPRESS_USER": "u", "WORDPRESS_APP_PASSWORD": "p"],
    ])
    func isContent(with credentials: [String: String]) throws {
        #expect(try gaps(source.merging(site) { $1 }.merging(credentials) { $1 }) == [])
    }

    @Test func wantsASource() throws {
        let found = try gaps([:])
        #expect(found.count == 1 && found[0].hasPrefix("no source has a secret"))
    }

    @Test func wantsASecretThatCounts() throws {
        let scratch = try Scratch()
        let yaml = "sources: {stripe: {secrets: [{tenant: shop, variable: OLD, not-after: 2020-01-01}]}}\n"
        try Data(yaml.utf8).write(to: URL(fileURLWithPath: scratch.path + "/own.yaml"))
        let credentials = ["GATEPOST_CONFIG": scratch.path + "/own.yaml", "OLD": "whsec_1", "WORDPRESS_TOKEN": "t"]
        let found = try gaps(site.merging(credentials) { $1 })
        #expect(found.count == 1 && found[0].hasPrefix("no secret of tenant shop for stripe counts now"), "\(found)")
    }

    /// Its verify token signs nothing.
    @Test func metasTokenAloneIsNoSecret() throws {
        let found = try gaps(site.merging(["PROVIDER_SECRETS_META": "shop:verify:abc", "WORDPRESS_TOKEN": "t"]) { $1 })
        #expect(found.count == 1 && found[0].hasPrefix("no secret of tenant shop for meta counts now"), "\(found)")
        let meta = try #require(Catalogue.provider(named: "meta"))
        #expect(Settings.activeWords([ProviderSecret(Secret("verify:abc")), ProviderSecret(Secret("s"))], meta) == "1")
    }

    @Test(arguments: [("mailchimp", 0, "-"), ("notion", 0, "waits"), ("notion", 1, "1"), ("stripe", 2, "2")])
    func saysWhichSecretsCount(_ source: String, secrets: Int, words: String) throws {
        let provider = try #require(Catalogue.provider(named: source))
        #expect(Settings.activeWords(Array(repeating: ProviderSecret(Secret("s")), count: secrets), provider) == words)
    }

    @Test func wantsAWordPress() throws {
        let found = try gaps(source)
        #expect(found.count == 1 && found[0].hasPrefix("tenant shop has a source but no WordPress"))
    }

    @Test func namesVariablesOfNoTenant() throws {
        let found = try gaps(source.merging(site) { $1 }.merging(["WORDPRESS_TOKEN": "t", "HMAC_SHARED_SECRET__SHPO": "x"]) { $1 })
        #expect(found == ["HMAC_SHARED_SECRET__SHPO: nothing reads this; no tenant has the suffix __SHPO"])
    }

    @Test func wantsACredential() throws {
        for extra in [[:], ["WORDPRESS_USER": "u"]] {
            let found = try gaps(source.merging(site) { $1 }.merging(extra) { $1 })
            #expect(found.count == 1 && found[0].hasPrefix("tenant shop has no credential"))
        }
    }

    @Test func wantsAUserForAPassword() throws {
        let found = try gaps(source.merging(site) { $1 }.merging(["WORDPRESS_APP_PASSWORD": "p", "HMAC_SHARED_SECRET": "s"]) { $1 })
        #expect(found.count == 1 && found[0].hasPrefix("tenant shop has an application password but no user"))
    }

    @Test func namesWaysAndNoSecrets() {
        var wordpress = Settings.WordPress(baseURL: "https://shop.example.com")
        wordpress.user = "u"
        wordpress.appPassword = Secret("p")
        wordpress.sharedSecret = Secret("s")
        #expect(wordpress.authentication == ["application password", "shared secret"])
    }
}
