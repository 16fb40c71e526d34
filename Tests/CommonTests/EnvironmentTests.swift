import Testing

@testable import Common

/// Where a value may come from: environment, file named there, secrets' file, file named there, systemd's credentials.
@Suite struct EnvironmentTests {
    private static func value(_ name: String, _ process: [String: String], files: [String: String] = [:]) throws -> String? {
        let scratch = try Scratch()
        for (file, content) in files { try scratch.write(content, to: file) }
        var process = process.mapValues { $0.replacing("@", with: scratch.path) }
        if process["GATEPOST_SECRETS"] == nil { process["GATEPOST_SECRETS"] = try scratch.write("", to: "none") }
        var environment = Environment(process: process)
        let found = environment.value(name)
        #expect(environment.problems == [])
        return found?.value
    }

    @Test(
        arguments: [
            ("environment", ["N": "1"], [:], "1"), ("not set", [:], [:], nil), ("empty", ["N": ""], [:], nil),
            ("file", ["N_FILE": "@/f"], ["f": "2"], "2"), ("file, line ends cut off", ["N_FILE": "@/f"], ["f": "2\r\n\n"], "2"),
            ("file, blanks kept", ["N_FILE": "@/f"], ["f": " 2 \n"], " 2 "), ("empty file", ["N_FILE": "@/f"], ["f": "\n"], nil),
            ("environment before file", ["N": "1", "N_FILE": "@/f"], ["f": "2"], "1"),
            ("empty gives way to file", ["N": "", "N_FILE": "@/f"], ["f": "2"], "2"),
            ("secrets' file", ["GATEPOST_SECRETS": "@/s"], ["s": "N=3"], "3"),
            ("environment before it", ["N": "1", "GATEPOST_SECRETS": "@/s"], ["s": "N=3"], "1"),
            ("file named in it", ["GATEPOST_SECRETS": "@/s", "CREDENTIALS_DIRECTORY": "@"], ["s": "M=3"], nil),
            ("credential", ["CREDENTIALS_DIRECTORY": "@"], ["N": "4\n"], "4"),
            ("secrets' file before credential", ["CREDENTIALS_DIRECTORY": "@", "GATEPOST_SECRETS": "@/s"], ["N": "4", "s": "N=3"], "3"),
            ("no such credential", ["CREDENTIALS_DIRECTORY": "@"], ["M": "4"], nil),
            ("no such directory", ["CREDENTIALS_DIRECTORY": "@/nowhere"], [:], nil),
        ] as [(String, [String: String], [String: String], String?)])
    func finds(_ place: String, process: [String: String], files: [String: String], expected: String?) throws {
        #expect(try Self.value("N", process, files: files) == expected, "\(place)")
    }

    @Test func namesAFileWithinTheSecretsFile() throws {
        let scratch = try Scratch()
        try scratch.write("inner\n", to: "inner")
        let secrets = try scratch.write("N_FILE=\(scratch.path)/inner\n", to: "secrets.env")
        var environment = Environment(process: ["GATEPOST_SECRETS": secrets])
        #expect(environment.value("N")?.value == "inner")
        #expect(environment.names(beginning: "N") == ["N"])
    }

    /// What the doctor looks at the modes of.
    @Test func namesEveryFileThatHoldsASecret() throws {
        let scratch = try Scratch()
        let secrets = try scratch.write("N_FILE=/inner\nM=1\nL_FILE=/a\n", to: "secrets.env")
        let environment = Environment(process: ["GATEPOST_SECRETS": secrets, "GATEPOST_DATA_KEY_FILE": "/key", "SSL_CERT_FILE": "/public"])
        #expect(environment.secretFiles == [secrets, "/a", "/inner", "/key"])
    }

    @Test(arguments: [
        ("N=a", "a"), ("N = a ", "a"), ("  N=a", "a"), ("N=\"a b\"", "a b"), ("N='a b'", "a b"), ("N=\" a \"", " a "), ("N=\"a", "\"a"),
        ("N='a\"", "'a\""),
        ("N=\"\"", nil), ("N=\"", "\""), ("N=a=b==", "a=b=="), ("N=a # no comment", "a # no comment"), ("#N=a", nil), (" # N=a", nil),
        ("# N=b\nN=a", "a"),
        ("\n\nN=a\n", "a"), ("N=a\r\nM=b\r\n", "a"), ("N=", nil), ("M=a", nil), ("N=\"a\\\"b\"", "a\\\"b"), ("N=a,b:c%2C", "a,b:c%2C"),
        ("n=a", nil),
    ])
    func readsTheSecretsFile(_ content: String, expected: String?) throws {
        #expect(try Self.value("N", ["GATEPOST_SECRETS": "@/s"], files: ["s": content]) == expected)
    }

    @Test(arguments: [
        ("a line without a name", "GATEPOST_N=1\nsecret-without-name\n", ["secrets.env: line 2: expected NAME=value"]),
        (
            "a name twice", "GATEPOST_N=1\nGATEPOST_M=2\nGATEPOST_N=3",
            ["secrets.env: line 3: GATEPOST_N stands twice; further secrets of PROVIDER_SECRETS_… go into one line, with commas"]
        ),
        (
            "both", "x\nGATEPOST_N=1\nGATEPOST_N=2",
            [
                "secrets.env: line 1: expected NAME=value",
                "secrets.env: line 3: GATEPOST_N stands twice; further secrets of PROVIDER_SECRETS_… go into one line, with commas",
            ]
        ),
    ])
    func badSecretsFile(_ name: String, content: String, expected: [String]) throws {
        #expect(try problems(["GATEPOST_SECRETS": "@/secrets.env"], files: ["secrets.env": content]) == expected, "\(name)")
    }

    /// Line 2 of a secrets' file with the tenants shop and club, and a source of one's own.
    @Test(arguments: [
        ("export PROVIDER_SECRETS_STRIPE=a:1", "expected NAME=value; a name has no blanks in it, and no export before it"),
        ("=a", "expected NAME=value; a name has no blanks in it, and no export before it"),
        ("PROVIDER_SECRET_GITHUB=a:1", "PROVIDER_SECRET_GITHUB: nothing reads this (did you mean PROVIDER_SECRETS_GITHUB?)"),
        ("WORDPRES_APP_PASSWORD=x", "WORDPRES_APP_PASSWORD: nothing reads this (did you mean WORDPRESS_APP_PASSWORD?)"),
        (
            "WORDPRESS_TOKEN__SHPO=x",
            "WORDPRESS_TOKEN__SHPO: nothing reads this (did you mean WORDPRESS_TOKEN__SHOP?); no tenant has the suffix __SHPO"
        ),
        ("STRIPE_OLD=x", "STRIPE_OLD: nothing reads this"),
        ("whsec_MTIzNDU2=", "expected NAME=value; names are capitals, digits and _"),
        ("PROVIDER_SECRETS_MINE=shop:1", nil), ("WORDPRESS_TOKEN=x", nil), ("WORDPRESS_TOKEN__CLUB=x", nil),
        ("WORDPRESS_TOKEN_FILE=/dev/null", nil), ("HMAC_SHARED_SECRET_NEXT__SHOP_FILE=/dev/null", nil), ("STRIPE_NEW_FILE=/dev/null", nil),
        ("GATEPOST_DB=/x", nil), ("GATEPOST_DATA_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", nil),
    ])
    func namesThatNobodyReads(_ line: String, expected: String?) throws {
        let yaml = """
            sources:
              mine: {scheme: {algorithm: token, signature: {header: X-S}}}
              github: {secrets: [{tenant: shop, variable: STRIPE_NEW}]}
            tenants: {club: {}}
            """
        let found = try problems(
            ["GATEPOST_SECRETS": "@/secrets.env", "STRIPE_NEW": "x"], yaml: yaml,
            files: ["secrets.env": "PROVIDER_SECRETS_STRIPE=shop:1\n\(line)"])
        #expect(found == (expected.map { ["secrets.env: line 2: \($0)"] } ?? []))
    }

    @Test func missingFiles() throws {
        #expect(
            try problems(["GATEPOST_SECRETS": "@/nowhere.env"]) == [
                "nowhere.env: cannot be read; check that it exists and that this user may read it"
            ])
        // One problem, however many tenants ask.
        #expect(
            try problems([
                "PROVIDER_SECRETS_STRIPE": "a:1,b:2,c:3", "WORDPRESS_BASE_URL": "https://wp.example", "WORDPRESS_TOKEN_FILE": "@/nowhere",
            ]) == ["environment: WORDPRESS_TOKEN_FILE: cannot read nowhere; check that it exists and that this user may read it"])
    }

    @Test func sourcesMayComeFromAnywhere() throws {
        let scratch = try Scratch()
        try scratch.write("a:1\n", to: "github")
        try scratch.write("b:2\n", to: "PROVIDER_SECRETS_HUBSPOT")
        let secrets = try scratch.write("PROVIDER_SECRETS_STRIPE='c:3'\n", to: "secrets.env")
        let read = try settings(
            ["PROVIDER_SECRETS_GITHUB_FILE": scratch.file("github"), "CREDENTIALS_DIRECTORY": scratch.path, "GATEPOST_SECRETS": secrets],
            in: scratch)
        #expect(["github", "hubspot", "stripe"].map { read.listed($0) } == [["a=1"], ["b=2"], ["c=3"]])
    }
}
