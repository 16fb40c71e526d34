import GRDB
import Testing

@testable import Common

private let t0 = Timestamp(milliseconds: 1_764_000_000_000)

@Suite struct AlertFactsTests {
    /// Dead after one try, as WordPress answered.
    private func kill(_ tenant: TenantName, _ cause: String, at now: Timestamp, in store: Store) throws {
        let queue = JobQueue(store: store)
        let pushes = try queue.claim(
            tenant: tenant, limits: .init(items: 9), lease: "\(tenant)\(cause)\(now)", until: now + .seconds(9), now: now)
        try queue.settle(
            pushes.map { ($0, .dead(PushFailure(cause: cause, text: "secret@example.com", httpStatus: 400))) },
            lease: "\(tenant)\(cause)\(now)", now: now)
    }

    private func facts(_ store: Store, _ settings: Settings = Settings(), now: Timestamp = t0) throws -> AlertFacts {
        var facts = try AlertFacts(reading: store, settings, now: now)
        facts.freeBytes = nil
        return facts
    }

    @Test func groupsDeadLettersByTenantAndCause() throws {
        let scratch = try ScratchStore()
        _ = try scratch.put(.sample("evt_1", lane: "a"), .sample("evt_2", lane: "b"), .sample("evt_3", tenant: "club"))
        try kill("acme", "dns", at: t0, in: scratch.store)
        try kill("club", "gatepost_no_auth", at: t0, in: scratch.store)
        let last = try scratch.put(.sample("evt_4", lane: "a"))[0].eventID
        try kill("acme", "dns", at: t0 + .seconds(30), in: scratch.store)

        let conditions = try facts(scratch.store).conditions(Settings(), now: t0 + .seconds(60))
        #expect(conditions.map(\.key.subject) == ["acme/dns", "club/gatepost_no_auth"])
        #expect(conditions[0].count == 3 && conditions[0].since == t0 && conditions[0].newest == t0 + .seconds(30))
        #expect(conditions[0].example == last && conditions[0].what == "3 dead letters of tenant acme: dns")
        #expect(conditions[0].next == "gatepost dlq list --tenant acme --cause dns")
        #expect(conditions[1].what.hasPrefix("1 dead letter of"))
        #expect(!"\(conditions)".contains("secret@example.com"), "what WordPress says of a person goes nowhere")

        var settings = Settings()
        settings.alerts.deadLetters = 3
        #expect(try facts(scratch.store).conditions(settings, now: t0).map(\.key.subject) == ["acme/dns"])
    }

    /// The index of dead letters alone, whatever else there is.
    @Test func countsFromIndexesAlone() throws {
        let store = try ScratchStore().store
        for (sql, index) in [(AlertFactsSQL.deadLetters, "COVERING INDEX job_dead_cause")] {
            let plan = try store.read { try Row.fetchAll($0, sql: "EXPLAIN QUERY PLAN \(sql)").map { $0["detail"] as String } }
            #expect(plan.contains { $0.contains(index) })
            #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
        }
    }

    @Test func anOldQueueHeadIsItsTenants() throws {
        let scratch = try ScratchStore()
        let now = t0 + .seconds(1000)
        let old = try scratch.put(.sample("evt_1", receivedAt: t0.milliseconds), .sample("evt_2"), at: t0.milliseconds)[0].eventID
        _ = try scratch.put(
            .sample("evt_3", tenant: "club", receivedAt: now.milliseconds - 899_999), at: now.milliseconds)
        let conditions = try facts(scratch.store).conditions(Settings(), now: now)
        #expect(conditions.map(\.key) == [AlertKey(.oldQueue, "acme")])
        #expect(conditions[0].example == old && conditions[0].count == 2 && conditions[0].since == t0)
        #expect(conditions[0].what.hasSuffix("the oldest for 16 min"))
        #expect(try facts(scratch.store).conditions(Settings(), now: now + .milliseconds(1)).count == 2, "the limit itself counts")
    }

    @Test func aSourceIsQuietOnceItWasHeardOf() throws {
        let scratch = try ScratchStore()
        var settings = try settings(["PROVIDER_SECRETS_STRIPE": "acme:a", "PROVIDER_SECRETS_GITHUB": "acme:b"], in: Scratch())
        settings.alerts.longestQuiet = ["stripe": .seconds(3600), "github": .seconds(3600), "shopify": .seconds(3600)]
        #expect(try facts(scratch.store, settings).conditions(settings, now: t0).isEmpty, "nobody has looked since when")
        try scratch.store.know(settings.secretKeys, now: t0)
        _ = try scratch.put(
            .sample("evt_1", secret: settings.secretKeys.first { $0.source == "stripe" }?.fingerprint), at: (t0 + .seconds(60)).milliseconds
        )
        func quiet(_ seconds: Int64) throws -> [String] {
            try facts(scratch.store, settings).conditions(settings, now: t0 + .seconds(seconds)).filter { $0.key.kind == .quietSource }
                .map(\.key.subject)
        }
        #expect(try quiet(3600).isEmpty)
        #expect(try quiet(3601) == ["github/acme"], "it never sent, and could have")
        #expect(try quiet(3661) == ["github/acme", "stripe/acme"])
        #expect(try quiet(-3600).isEmpty, "the clock went back")
    }

    @Test func tenantsHaveTheirOwnQuiet() throws {
        let scratch = try ScratchStore()
        var settings = try settings(["PROVIDER_SECRETS_STRIPE": "acme:a,club:b,shop:c"], in: Scratch())
        settings.alerts.longestQuiet = ["stripe": .seconds(3600)]
        settings.alerts.tenantQuiet = ["club": ["stripe": .seconds(7200)], "shop": ["stripe": Duration?.none]]
        try scratch.store.know(settings.secretKeys, now: t0)
        func quiet(_ seconds: Int64) throws -> [String] {
            try facts(scratch.store, settings).conditions(settings, now: t0 + .seconds(seconds)).filter { $0.key.kind == .quietSource }
                .map(\.key.subject)
        }
        #expect(try quiet(3601) == ["stripe/acme"])
        // One tenant's events say nothing of another's webhook.
        _ = try scratch.put(
            .sample("evt_1", secret: settings.secretKeys.first { $0.tenant == "acme" }?.fingerprint),
            at: (t0 + .seconds(7000)).milliseconds)
        #expect(try quiet(7201) == ["stripe/club"])
    }

    @Test func comparisonsBecomeAlertsAndAreOver() throws {
        let store = try ScratchStore().store
        func note(_ missing: Int, _ error: String?, _ seconds: Int64) throws {
            try store.noteReconciliation(
                tenant: "acme", source: "stripe", through: t0, listed: 9, missing: missing, error: error, now: t0 + .seconds(seconds))
        }
        func found() throws -> [AlertCondition] { try facts(store).conditions(Settings(), now: t0 + .seconds(100)) }
        try note(0, nil, 1)
        #expect(try found().isEmpty)
        try note(3, nil, 2)
        #expect(try found().map(\.key) == [AlertKey(.missingEvents, "stripe/acme")])
        #expect(try found()[0].count == 3 && found()[0].newest == t0 + .seconds(2))
        try note(0, "no key", 3)
        try note(0, "no key", 4)
        #expect(try found().map(\.key) == [AlertKey(.notCompared, "stripe/acme")])
        #expect(try found()[0].since == t0 + .seconds(3))
        try note(0, nil, 5)
        #expect(try found().isEmpty)
    }

    /// One whose requests nothing signs has no secret, and yet it is known when it sent last.
    @Test func aSourceWithoutSecretsIsHeardOfToo() throws {
        let scratch = try ScratchStore()
        _ = try scratch.put(.sample("evt_1", source: "mailchimp"), at: t0.milliseconds)
        #expect(try facts(scratch.store).lastHeard == [.init(source: "mailchimp", tenant: "acme"): t0])
    }

    @Test(arguments: [(129, false), (128, false), (127, true), (0, true)])
    func warnsUnderTwiceTheFloor(_ free: Int, isLow: Bool) {
        var (facts, settings) = (AlertFacts(), Settings())
        facts.freeBytes = free << 20
        settings.ingest.freeSpaceFloor = 64 << 20
        #expect(facts.conditions(settings, now: t0).map(\.key.kind) == (isLow ? [.lowDisk] : []))
        settings.ingest.freeSpaceFloor = 0
        #expect(facts.conditions(settings, now: t0).isEmpty)
    }

    @Test(arguments: [(83, false), (84, true)])
    func namesOldSecretsByTenant(_ days: Int64, isOld: Bool) throws {
        let scratch = try ScratchStore()
        let settings = try settings(["PROVIDER_SECRETS_STRIPE": "acme:hush-1,acme:hush-2"], in: Scratch())
        try scratch.store.know(settings.secretKeys, now: t0)
        let now = t0 + .seconds(days * 86_400)
        let conditions = try facts(scratch.store, settings, now: now).conditions(settings, now: now)
        #expect(conditions.map(\.key) == (isOld ? [AlertKey(.oldSecret, "stripe/acme")] : []))
        #expect(!"\(conditions)".contains("hush"))
    }

    @Test func namesOpenCircuits() {
        var facts = AlertFacts()
        facts.circuits = [.init(tenant: "shop", cause: "connect", since: t0)]
        #expect(facts.conditions(Settings(), now: t0).map(\.key) == [AlertKey(.circuitOpen, "shop")])
    }

    @Test(arguments: [("dns", " --cause dns"), ("http_500", " --cause http_500"), ("unknown", ""), ("a b", ""), ("$(rm)", ""), ("", "")])
    func onlyPlainCausesStandInCommands(_ cause: String, option: String) { #expect(CauseFix.option(cause) == option) }
}
