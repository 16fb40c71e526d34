import Testing

@testable import Common

/// With no settings file, the guide's variables alone.
@Suite struct SettingsEnvironmentTests {
    @Test(arguments: [
        ("one tenant", "acme:whsec_1", ["acme=whsec_1"]), ("many, by name", "b:2,a:1", ["a=1", "b=2"]),
        ("rotation, in the order written", "a:new,b:x,a:old", ["a=new|old", "b=x"]), ("comma", "a:x%2Cy%2cz", ["a=x,y,z"]),
        ("other escapes stay", "a:%2525%3A", ["a=%2525%3A"]), ("colon", "a:x:y:", ["a=x:y:"]),
        ("blank before a name", "a:1, b:2", ["a=1", "b=2"]),
        ("blanks of a secret are its own", "a: 1 ", ["a= 1 "]), ("equals signs", "a:c2VjcmV0==", ["a=c2VjcmV0=="]),
        ("same twice", "a:1,a:1", ["a=1|1"]),
        ("not ASCII", "a:pässwörd€", ["a=pässwörd€"]),
    ])
    func secrets(_ name: String, value: String, expected: [String]) throws {
        let read = try settings(["PROVIDER_SECRETS_STRIPE": value], in: Scratch())
        #expect(read.listed("stripe") == expected, "\(name)")
        #expect(read.sources.count == 1)
    }

    @Test(arguments: [
        ("no colon", "acme", 1), ("no secret", "acme:", 1), ("no tenant", ":secret", 1), ("an empty entry", "a:1,,b:2", 2),
        ("a comma at the end", "a:1,", 2),
        ("a bad name", "a b:1", 1), ("one of three", "a:1,/:2,c:3", 2), ("a name too long", String(repeating: "a", count: 65) + ":1", 1),
    ])
    func badSecrets(_ name: String, value: String, entry: Int) throws {
        #expect(
            try problems(["PROVIDER_SECRETS_STRIPE": value])
                == ["environment: PROVIDER_SECRETS_STRIPE: entry \(entry) is not tenant:secret; a comma inside a secret is written %2C"],
            "\(name)")
    }

    @Test func unknownSource() throws {
        let found = try problems(["PROVIDER_SECRETS_STRYPE": "acme:topsecret"])
        #expect(found.count == 1 && found[0].hasPrefix("environment: PROVIDER_SECRETS_STRYPE: no such source (did you mean stripe?)"))
        #expect(found.allSatisfy { !$0.contains("topsecret") })
    }

    @Test func nothingSet() throws {
        let read = try settings([:], in: Scratch())
        #expect(read.sources.isEmpty && read.tenants.isEmpty)
        #expect(read.database == "/var/lib/gatepost/gatepost.db")
        #expect(try settings(["PROVIDER_SECRETS_STRIPE": ""], in: Scratch()).sources.isEmpty, "empty is not set")
        #expect(try settings(["GATEPOST_DB": "/x/y.db"], in: Scratch()).database == "/x/y.db")
        #expect(try settings(["GATEPOST_DB": "/x/y.db"], in: Scratch(), yaml: "database: /z").database == "/x/y.db")
    }

    // MARK: WordPress

    @Test func oneWordPressForAll() throws {
        let read = try settings(
            [
                "PROVIDER_SECRETS_STRIPE": "a:1,b:2", "WORDPRESS_BASE_URL": "https://wp.example/blog/", "WORDPRESS_USER": "gatepost",
                "WORDPRESS_APP_PASSWORD": "abcd efgh", "WORDPRESS_TOKEN": "token", "HMAC_SHARED_SECRET": "shared",
            ], in: Scratch())
        let expected = Settings.WordPress(
            baseURL: "https://wp.example/blog", user: "gatepost", appPassword: Secret("abcd efgh"), token: Secret("token"),
            sharedSecret: Secret("shared"))
        #expect(read.tenants["a"]?.wordpress == expected)
        #expect(read.tenants["b"]?.wordpress == expected)
    }

    @Test func aTenantsOwnCountsFirst() throws {
        let read = try settings(
            [
                "PROVIDER_SECRETS_STRIPE": "a.shop-1:1,b:2,c:3", "WORDPRESS_BASE_URL": "https://all.example", "WORDPRESS_USER": "all",
                "WORDPRESS_BASE_URL__A_SHOP_1": "https://a.example", "WORDPRESS_USER__A_SHOP_1": "ann", "HMAC_SHARED_SECRET__B": "of-b",
                "WORDPRESS_BASE_URL__C": "http://127.0.0.1:8080",
            ], in: Scratch())
        #expect(read.tenants["a.shop-1"]?.wordpress == .init(baseURL: "https://a.example", user: "ann"))
        #expect(read.tenants["b"]?.wordpress == .init(baseURL: "https://all.example", user: "all", sharedSecret: Secret("of-b")))
        #expect(read.tenants["c"]?.wordpress == .init(baseURL: "http://127.0.0.1:8080", user: "all"))
    }

    @Test func withoutWordPressEventsAreStoredOnly() throws {
        let read = try settings(["PROVIDER_SECRETS_STRIPE": "a:1", "WORDPRESS_TOKEN": "token"], in: Scratch())
        #expect(read.tenants["a"] != nil)
        #expect(read.tenants["a"]?.wordpress == nil)
    }

    @Test func wrongAddress() throws {
        let found = try problems(["PROVIDER_SECRETS_STRIPE": "a:1,b:2", "WORDPRESS_BASE_URL__B": "http://wp.example"])
        #expect(found == ["environment: WORDPRESS_BASE_URL of tenant b: \(WebAddress.expectation)"])
    }

    /// A line end would begin another header of each request.
    @Test(
        arguments: ["WORDPRESS_APP_PASSWORD", "WORDPRESS_TOKEN", "HMAC_SHARED_SECRET", "HMAC_SHARED_SECRET_NEXT"],
        ["\n", "\r\n", "\u{0}", "\u{7F}"])
    func credentialsAreOneLine(_ name: String, _ end: String) throws {
        let site = ["PROVIDER_SECRETS_STRIPE": "a:1,b:2", "WORDPRESS_BASE_URL": "https://wp.example", "WORDPRESS_USER": "gatepost"]
        let found = try problems(site.merging([name: "hush\(end)X-Other: hush"]) { $1 })
        #expect(found == ["environment: \(name): a line end, or another control character, stands in it"])
        #expect(try problems(site.merging([name: "hüsh hush"]) { $1 }) == [])
    }

    /// A slip in a tenant's name would show as a credential that is missing. A program starts all the same: an environment may be another's too.
    @Test func variablesOfNoTenantAreNamed() throws {
        let scratch = try Scratch()
        try scratch.write("x", to: "HMAC_SHARED_SECRET__CLUP")
        let read = try settings(
            [
                "PROVIDER_SECRETS_STRIPE": "shop:1", "WORDPRESS_BASE_URL": "https://wp.example", "WORDPRESS_TOKEN__SHOP": "x",
                "WORDPRESS_TOKEN__SHPO_FILE": "/nowhere", "JWT_PRIVATE_KEY__CLUB": "x", "MY_TOKEN__SHPO": "x",
                "CREDENTIALS_DIRECTORY": scratch.path,
            ], in: scratch)
        #expect(read.strayVariables == ["HMAC_SHARED_SECRET__CLUP", "JWT_PRIVATE_KEY__CLUB", "WORDPRESS_TOKEN__SHPO"])
    }

    @Test func aUserHasNoColon() throws {
        let site = ["PROVIDER_SECRETS_STRIPE": "a:1", "WORDPRESS_BASE_URL": "https://wp.example"]
        let text = "a user with a colon in it cannot be sent with a password"
        #expect(try problems(site.merging(["WORDPRESS_USER": "gate:post"]) { $1 }) == ["environment: WORDPRESS_USER: \(text)"])
        #expect(try problems(site, yaml: "tenants:\n  a:\n    user: gate:post") == ["gatepost.yaml: line 3: tenants.a.user: \(text)"])
    }

    @Test func aSigningKeyIsReadOrRefusedAtOnce() throws {
        let key = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="
        let site = ["PROVIDER_SECRETS_STRIPE": "a:1,b:2", "WORDPRESS_BASE_URL": "https://wp.example"]
        let read = try settings(site.merging(["JWT_PRIVATE_KEY__B": key]) { $1 }, in: Scratch())
        #expect(read.tenants["a"]?.wordpress?.signingKey == nil)
        #expect(try read.tenants["b"]?.wordpress?.signingKey == SigningKey(ed25519: key))
        let found = try problems(site.merging(["JWT_PRIVATE_KEY__B": "c2VjcmV0"]) { $1 })
        #expect(found.count == 1 && found[0].hasPrefix("environment: JWT_PRIVATE_KEY of tenant b: expected an Ed25519 private key"))
        #expect(!found[0].contains("c2VjcmV0"))
    }
}
