import Testing

@testable import Common

@Suite struct LearnedSecretsTests {
    private let scratch: ScratchStore
    private let secrets: LearnedSecrets
    private let asana: SourceName = "asana"
    private let acme: TenantName = "acme"

    init() throws {
        scratch = try ScratchStore()
        secrets = LearnedSecrets(store: scratch.store)
    }

    private func at(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1000) }

    private func learn(_ text: String, _ tenant: TenantName = "acme", at seconds: Int64) throws -> Bool {
        try secrets.learn(Secret(text), asana, tenant, from: "192.0.2.1", now: at(seconds))
    }

    @Test func oneSecretAWindow() throws {
        #expect(try !learn("early-bird", at: 0))
        #expect(try secrets.open(asana, acme, until: at(900), now: at(0)))
        #expect(try secrets.load(now: at(1)).window(asana, nil, now: at(1))?.tenant == acme)
        #expect(try !learn("of-another", "other", at: 1))
        #expect(try learn("the-first", at: 1))
        #expect(try !learn("the-second", at: 1))
        let learned = try secrets.load(now: at(2))
        #expect(learned.secrets.map(\.secret) == [Secret("the-first")] && learned.secrets.map(\.sourceIP) == ["192.0.2.1"])
        #expect(learned.windows.isEmpty)
    }

    @Test(arguments: [(899, true), (900, false), (901, false)])
    func aWindowCloses(_ second: Int64, isOpen: Bool) throws {
        #expect(try secrets.open(asana, acme, until: at(900), now: at(0)))
        #expect(try (secrets.load(now: at(second)).window(asana, acme, now: at(second)) != nil) == isOpen)
        #expect(try learn("the-first", at: second) == isOpen)
    }

    @Test func closesAndForgets() throws {
        #expect(try !secrets.close(asana, acme))
        #expect(try secrets.open(asana, acme, until: at(900), now: at(0)))
        #expect(try secrets.close(asana, acme))
        #expect(try !learn("too-late", at: 1))
        #expect(try secrets.open(asana, acme, until: at(900), now: at(0)))
        #expect(try learn("the-first", at: 1))
        let id = try #require(try secrets.load(now: at(1)).secrets.first?.id)
        #expect(try secrets.forget(id))
        #expect(try !secrets.forget(id))
        #expect(try secrets.load(now: at(1)).isEmpty)
    }

    @Test func aTenantHasAsManyAsItMay() throws {
        for number in 0..<LearnedSecrets.most {
            #expect(try secrets.open(asana, acme, until: at(900), now: at(0)))
            #expect(try learn("secret-\(number)", at: 1))
        }
        #expect(try !secrets.open(asana, acme, until: at(900), now: at(0)))
        #expect(try secrets.open(asana, "other", until: at(900), now: at(0)))
    }

    @Test func whichTenantWaits() throws {
        #expect(try secrets.open(asana, acme, until: at(900), now: at(0)))
        #expect(try secrets.open(asana, "other", until: at(900), now: at(0)))
        let learned = try secrets.load(now: at(1))
        #expect(learned.window(asana, nil, now: at(1)) == nil, "it could be either's")
        #expect(learned.window(asana, "other", now: at(1))?.tenant == "other")
        #expect(learned.window("notion", "other", now: at(1)) == nil)
    }

    @Test func standBesideTheSettingsOwn() throws {
        #expect(try secrets.open(asana, acme, until: at(900), now: at(0)))
        #expect(try learn("the-first", at: 1))
        #expect(try secrets.open("notion", "other", until: at(900), now: at(0)))
        // A version that knew more providers has been here.
        try scratch.store.run("INSERT INTO learned_secret (source, tenant, secret, learned_at) VALUES ('gone', 'acme', x'00', 1)")
        try scratch.store.run("INSERT INTO learned_secret (source, tenant, secret, learned_at) VALUES ('stripe', 'acme', x'00', 1)")
        var settings = Settings()
        let provider = try #require(Catalogue.provider(for: asana))
        settings.sources[asana] = .init(
            provider: provider, bodyLimit: 7, secrets: [(acme, [ProviderSecret(Secret("own"))]), ("zoo", [ProviderSecret(Secret("zoo"))])])
        settings.idleSources["notion"] = .init(provider: try #require(Catalogue.provider(for: "notion")), bodyLimit: 9)
        let all = settings.adding(try secrets.load(now: at(2)))
        #expect(all.sources.keys.sorted() == ["asana", "notion"])
        #expect(all.sources[asana]?.bodyLimit == 7 && all.sources["notion"]?.bodyLimit == 9)
        #expect(all.sources[asana]?.secrets.map(\.tenant) == [acme, "zoo"])
        #expect(all.sources[asana]?.secrets.first?.secrets.map(\.secret) == [Secret("own"), Secret("the-first")])
        #expect(all.sources["notion"]?.secrets.map(\.secrets) == [[]])
        _ = try Verifier(provider, secrets: try #require(all.sources[asana]).secrets)
    }
}
