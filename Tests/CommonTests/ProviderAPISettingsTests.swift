import Testing

@testable import Common

@Suite struct ProviderAPISettingsTests {
    private static let secrets = ["PROVIDER_SECRETS_STRIPE": "shop:a,club:b", "PROVIDER_SECRETS_GITHUB": "shop:c"]

    @Test func aKeyIsItsTenants() throws {
        let settings = try settings(
            Self.secrets.merging(["BACKFILL_KEY_STRIPE__SHOP": "rk_1", "BACKFILL_KEY_GITHUB": "ghp_1"]) { $1 }, in: Scratch())
        let (shop, club) = (settings.tenants["shop"]?.apis, settings.tenants["club"]?.apis)
        #expect(shop?["stripe"]?.key == Secret("rk_1") && shop?["github"]?.key == Secret("ghp_1"))
        #expect(club?["stripe"]?.key == nil && club?["github"]?.key == nil, "another account's events are not this tenant's")
        #expect(!"\(settings)".contains("rk_1"))
    }

    @Test func aKeyOfTwoTenantsIsRefused() throws {
        do {
            _ = try settings(Self.secrets.merging(["BACKFILL_KEY_STRIPE": "rk_1"]) { $1 }, in: Scratch())
            Issue.record("taken")
        } catch {
            #expect(
                "\(error)".contains("BACKFILL_KEY_STRIPE: 2 tenants have source stripe; say whose key it is")
                    && !"\(error)".contains("rk_1"))
        }
    }

    @Test(arguments: [
        ("a source that cannot be asked", "paypal: {}", "backfill.paypal: expected one of github, hubspot, shopify, stripe, woocommerce"),
        ("plain http", "shopify: {url: \"http://shop.example.com\"}", "backfill.shopify.url: expected https://"),
        ("a hook that leads elsewhere", "github: {hooks: [repos/a/../hooks/1]}", "backfill.github.hooks: expected repos/OWNER"),
        ("a hook with a query", "github: {hooks: [\"orgs/a/hooks/1?x=1\"]}", "backfill.github.hooks: expected repos/OWNER"),
        ("a property of nothing", "hubspot: {properties: [email]}", "backfill.hubspot.properties: expected an object"),
        ("a key in the file", "stripe: {key: rk_1}", "backfill.stripe"),
    ])
    func refuses(_ name: String, yaml: String, with text: String) throws {
        let scratch = try Scratch()
        do {
            _ = try settings([:], in: scratch, yaml: "tenants: {shop: {backfill: {\(yaml)}}}\n")
            Issue.record("taken: \(name)")
        } catch {
            #expect("\(error)".contains(text), "\(name): \(error)")
        }
    }
}
