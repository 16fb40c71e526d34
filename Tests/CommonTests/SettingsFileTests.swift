import Testing

@testable import Common

@Suite struct SettingsFileTests {
    @Test func readsEverything() throws {
        let read = try settings(
            ["PROVIDER_SECRETS_STRIPE": "acme:1", "PROVIDER_SECRETS_GITHUB": "acme:1", "WORDPRESS_TOKEN": "t"], in: Scratch(),
            yaml: """
                # a comment
                database: /tmp/x.db
                public-url: https://hooks.example/
                ingest:
                  body-limit: 1MiB
                  turns: 16
                  max-waiting: 8
                  free-space-floor: 0
                worker:
                  batch-size: 1
                  connections: 32
                  lease: 10min
                  connect-timeout: 1500ms
                  timeout: 1m
                  tries: 20
                sources:
                  stripe:
                    body-limit: 64 KiB
                    routes:
                      payout.*: order-event
                      "*": keep
                tenants:
                  acme:
                    wordpress: https://wp.example
                    user: gatepost
                  other: {}
                """)
        #expect(read.database == "/tmp/x.db")
        #expect(read.publicURL == "https://hooks.example")
        var ingest = Settings.Ingest()
        (ingest.bodyLimit, ingest.turns, ingest.maxWaiting, ingest.freeSpaceFloor) = (1 << 20, 16, 8, 0)
        #expect(read.ingest == ingest)
        var worker = Settings.Worker()
        (worker.batchSize, worker.connections, worker.tries) = (1, 32, 20)
        (worker.lease, worker.connectTimeout, worker.timeout) = (.seconds(600), .milliseconds(1500), .seconds(60))
        #expect(read.worker == worker)
        #expect(read.sources["stripe"]?.bodyLimit == 65536)
        #expect(read.sources["stripe"]?.routes == [.init(pattern: "payout.*", route: .orderEvent), .init(pattern: "*", route: .keep)])
        #expect(read.sources["github"]?.bodyLimit == 1 << 20)
        #expect(read.tenants["acme"]?.wordpress == .init(baseURL: "https://wp.example", user: "gatepost", token: Secret("t")))
        #expect(read.tenants["other"] != nil)
    }

    @Test func readsWhatIsKeptOfRejectedOnes() throws {
        let read = try settings([:], in: Scratch(), yaml: "rejected:\n  keep: 0\n  bytes: 1MiB\n  per-minute: 1\n  days: 30").rejected
        #expect((read.keep, read.bytes, read.perMinute, read.days) == (0, 1 << 20, 1, 30))
        #expect(try settings([:], in: Scratch(), yaml: "rejected:").rejected == .init())
    }

    @Test(arguments: ["", "# nothing", "---", "{}", "~", "ingest:", "ingest: ~\nworker: {}", "sources:\n  stripe:", "tenants:\n  a:"])
    func mayBeEmpty(_ yaml: String) throws {
        let read = try settings([:], in: Scratch(), yaml: yaml)
        #expect(read.ingest == .init() && read.worker == .init())
    }

    /// The person in the file, the address in the environment.
    @Test func aUserMayStandAlone() throws {
        let read = try settings(
            ["PROVIDER_SECRETS_STRIPE": "acme:1", "WORDPRESS_BASE_URL": "https://wp.example", "WORDPRESS_USER": "all"], in: Scratch(),
            yaml: "tenants:\n  acme:\n    user: ann")
        #expect(read.tenants["acme"]?.wordpress == .init(baseURL: "https://wp.example", user: "ann"))
    }

    /// Each with its line.
    @Test(arguments: [
        ("database: ''", "line 1: database: expected a text"), ("database: [a]", "line 1: database: expected a text"),
        ("database: {}", "line 1: database: expected a text"), ("database:", "line 1: database: expected a text"),
        ("#\npublic-url: hooks.example", "line 2: public-url: expected https://host, found \"hooks.example\""),
        ("public-url: http://hooks.example", "line 1: public-url: expected https://host, found \"http://hooks.example\""),
        ("ingest: 5", "line 1: ingest: expected a list of `name: value`"),
        ("ingest: [turns]", "line 1: ingest: expected a list of `name: value`"),
        ("worker: x", "line 1: worker: expected a list of `name: value`"),
        ("sources: []", "line 1: sources: expected a list of `name: value`"),
        ("tenants: acme", "line 1: tenants: expected a list of `name: value`"),
        ("[]", "line 1: the file: expected a list of `name: value`"),
        ("ingest:\n  turns: 0", "line 2: ingest.turns: expected a whole number from 1 to 16, found \"0\""),
        ("ingest:\n  turns: 17", "line 2: ingest.turns: expected a whole number from 1 to 16, found \"17\""),
        ("ingest:\n  turns: two", "line 2: ingest.turns: expected a whole number from 1 to 16, found \"two\""),
        ("ingest:\n  turns: -1", "line 2: ingest.turns: expected a whole number from 1 to 16, found \"-1\""),
        ("ingest:\n  turns: 1.5", "line 2: ingest.turns: expected a whole number from 1 to 16, found \"1.5\""),
        ("ingest:\n  turns: 0x2", "line 2: ingest.turns: expected a whole number from 1 to 16, found \"0x2\""),
        ("ingest:\n  turns: ２", "line 2: ingest.turns: expected a whole number from 1 to 16, found \"２\""),
        ("ingest:\n  turns:", "line 2: ingest.turns: expected a whole number from 1 to 16, found \"\""),
        ("ingest:\n  turns: [2]", "line 2: ingest.turns: expected a whole number from 1 to 16, found \"\""),
        ("ingest:\n  max-waiting: 7", "line 2: ingest.max-waiting: expected a whole number from 8 to 10000, found \"7\""),
        ("ingest:\n  max-waiting: 10001", "line 2: ingest.max-waiting: expected a whole number from 8 to 10000, found \"10001\""),
        ("ingest:\n  body-limit: 1023", "line 2: ingest.body-limit: expected a size (512KiB, 25MiB) from 1KiB to 64MiB, found \"1023\""),
        (
            "ingest:\n  body-limit: 65MiB",
            "line 2: ingest.body-limit: expected a size (512KiB, 25MiB) from 1KiB to 64MiB, found \"65MiB\""
        ),
        ("ingest:\n  body-limit: 1MB", "line 2: ingest.body-limit: expected a size (512KiB, 25MiB) from 1KiB to 64MiB, found \"1MB\""),
        (
            "ingest:\n  body-limit: 9999999999999999999g",
            "line 2: ingest.body-limit: expected a size (512KiB, 25MiB) from 1KiB to 64MiB, found \"9999999999999999999g\""
        ),
        (
            "ingest:\n  body-limit: 9223372036854775807g",
            "line 2: ingest.body-limit: expected a size (512KiB, 25MiB) from 1KiB to 64MiB, found \"9223372036854775807g\""
        ),
        (
            "ingest:\n  free-space-floor: 1025GiB",
            "line 2: ingest.free-space-floor: expected a size (512KiB, 25MiB) from 0 to 1TiB, found \"1025GiB\""
        ),
        ("worker:\n  batch-size: 500", "line 2: worker.batch-size: expected a whole number from 1 to 100, found \"500\""),
        ("rejected:\n  keep: 100001", "line 2: rejected.keep: expected a whole number from 0 to 100000, found \"100001\""),
        ("rejected:\n  per-minute: 0", "line 2: rejected.per-minute: expected a whole number from 1 to 1000, found \"0\""),
        ("rejected:\n  days: 0", "line 2: rejected.days: expected a whole number from 1 to 30, found \"0\""),
        ("rejected:\n  typo: 1", "line 2: rejected.typo: no such setting; known here: keep, bytes, per-minute, days"),
        ("worker:\n  connections: 33", "line 2: worker.connections: expected a whole number from 1 to 32, found \"33\""),
        ("worker:\n  tries: 21", "line 2: worker.tries: expected a whole number from 1 to 20, found \"21\""),
        (
            "worker:\n  connect-timeout: 61s",
            "line 2: worker.connect-timeout: expected a time (500ms, 20s, 5min) from 1s to 1min, found \"61s\""
        ),
        ("worker:\n  timeout: 999ms", "line 2: worker.timeout: expected a time (500ms, 20s, 5min) from 1s to 10min, found \"999ms\""),
        ("worker:\n  lease: 2h", "line 2: worker.lease: expected a time (500ms, 20s, 5min) from 5s to 1h, found \"2h\""),
        ("worker:\n  lease: 30s", "line 2: worker.lease: must be longer than worker.timeout, or a slow answer is counted as a dead worker"),
        (
            "worker:\n  timeout: 45",
            "line 2: worker.lease: must be longer than worker.timeout, or a slow answer is counted as a dead worker"
        ),
        (
            "sources:\n  strype: {}",
            "line 2: sources.strype: no such source (did you mean stripe?); gatepost providers lists them, one of your own needs a scheme"
        ),
        ("sources:\n  Stripe: {}", "line 2: sources.Stripe: expected 1 to 40 of a-z, 0-9 and '-'"),
        ("sources:\n  stripe: 5", "line 2: sources.stripe: expected a list of `name: value`"),
        ("sources:\n  stripe:\n    routes: keep", "line 3: sources.stripe.routes: expected a list of `name: value`"),
        (
            "sources:\n  stripe:\n    routes:\n      'a.*': drop",
            "line 4: sources.stripe.routes.a.*: expected one of user-sync, order-event, keep"
        ),
        (
            "sources:\n  stripe:\n    body-limit: 1",
            "line 3: sources.stripe.body-limit: expected a size (512KiB, 25MiB) from 1KiB to 64MiB, found \"1\""
        ),
        ("tenants:\n  a b: {}", "line 2: tenants.a b: expected 1 to 64 letters, digits, '.', '_' or '-'"),
        ("tenants:\n  a: x", "line 2: tenants.a: expected a list of `name: value`"),
        ("tenants:\n  a:\n    wordpress: ftp://x", "line 3: tenants.a.wordpress: \(WebAddress.expectation), found \"ftp://x\""),
        ("tenants:\n  a:\n    user: ''", "line 3: tenants.a.user: expected a text"),
        (
            "datbase: x",
            "line 1: datbase: no such setting; known here: database, public-url, trust-anchors, ingest, worker, rejected, alerts, sources, tenants, retention, encryption"
        ),
        ("ingest:\n  Turns: 2", "line 2: ingest.Turns: no such setting; known here: body-limit, turns, max-waiting, free-space-floor"),
        ("tenants:\n  a:\n    auth: magic", "line 3: tenants.a.auth: expected one of application-password, hmac, jwt"),
        (
            "tenants:\n  a:\n    ca-file: /nowhere",
            "line 3: tenants.a.ca-file: cannot read /nowhere; check that it exists and that this user may read it"
        ),
        (
            "tenants:\n  a:\n    cutover: {stripe: live}",
            "line 3: tenants.a.cutover.stripe: expected source/type, as in stripe/invoice.* or */*"
        ),
        (
            "tenants:\n  a:\n    cutover: {strip/*: live}",
            "line 3: tenants.a.cutover.strip/*: no source strip (did you mean stripe?)"
        ),
        ("tenants:\n  a:\n    cutover: {Stripe/*: live}", "line 3: tenants.a.cutover.Stripe/*: no source Stripe (did you mean stripe?)"),
        ("tenants:\n  a:\n    cutover: {/*: live}", "line 3: tenants.a.cutover./*: expected source/type, as in stripe/invoice.* or */*"),
        (
            "tenants:\n  a:\n    cutover: {stripe/*: 101%}",
            "line 3: tenants.a.cutover.stripe/*: expected off, mirror, live or a percentage of people from 0% to 100%"
        ),
        (
            "worker: {circuit-shortest: 60s, circuit-longest: 30s}",
            "line 1: worker.circuit-longest: must not be shorter than worker.circuit-shortest"
        ),
        ("worker: {retry-factor: 11}", "line 1: worker.retry-factor: expected a whole number from 1 to 10, found \"11\""),
        (
            "tenants:\n  a:\n    password: x",
            "line 3: tenants.a.password: no such setting; known here: wordpress, user, backfill, longest-quiet, auth, key-id, ca-file, cutover"
        ),
        ("ingest:\n  turns: 2\n  turns: 3", "line 3: not YAML: turns stands twice, first in line 2"),
        ("ingest: {turns: 2, turns: 3}", "line 1: not YAML: turns stands twice"),
        ("ingest:\n\tturns: 2", "line 2: not YAML: a tab at the line's beginning; use blanks"),
        ("retention: 59min", "line 1: retention: expected a time (500ms, 20s, 5min) from 1h to 3650d, found \"59min\""),
        ("database: a\ndatabase: b", "line 2: not YAML: database stands twice, first in line 1"),
    ])
    func eachKindOfWrongValue(_ yaml: String, expected: String) throws {
        #expect(try problems(yaml: yaml) == ["gatepost.yaml: \(expected)"])
    }

    @Test(arguments: [
        "ingest: [", "\tdatabase: x", "database: 'x", "a: b: c", "{", "%", "&a *b", "a: *nowhere", "--- a\n--- b", "database: \"\\q\"",
    ])
    func notYAML(_ yaml: String) throws {
        let found = try problems(yaml: yaml)
        #expect(found.count == 1 && found[0].hasPrefix("gatepost.yaml: ") && found[0].contains(": not YAML: "), "\(found)")
    }

    @Test func everythingWrongAtOnce() throws {
        let found = try problems(
            ["PROVIDER_SECRETS_STRIPE": "acme", "PROVIDER_SECRETS_X": "a:1", "GATEPOST_SECRETS": "@/secrets.env"],
            yaml: "database: []\ningest:\n  turns: 0\n  x: 1\nworker: []\ntenants:\n  a:\n    wordpress: x\n    user: []\n",
            files: ["secrets.env": "no name\n"])
        #expect(found.count == 9, "\(found)")
        #expect(found.filter { $0.hasPrefix("gatepost.yaml: line ") }.count == 6)
        #expect(found.filter { $0.hasPrefix("environment: ") }.count == 2)
    }

    @Test func fileThatIsNotThere() throws {
        #expect(throws: SettingsError.self) { try Settings.load(process: ["GATEPOST_CONFIG": "/nowhere/gatepost.yaml"]) }
        #expect(throws: SettingsError.self) { try Settings.load(process: ["GATEPOST_CONFIG": "/tmp"]) }
    }
}
