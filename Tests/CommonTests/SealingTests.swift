import Foundation
import GRDB
import Testing

@testable import Common

@Suite struct SealingTests {
    private static let first = DataKey(Bytes(repeating: 1, count: 32))!
    private static let second = DataKey(Bytes(repeating: 2, count: 32))!
    private static let body = Bytes(#"{"email":"anna@example.com"}"#.utf8)
    private static let noon = Timestamp(milliseconds: 1_764_000_000_000)

    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func store(_ keys: DataKey..., mode: Vault.Mode = .auto, prepared: Bool = true) throws -> Store {
        let store = try Store(path: scratch.file("store.db"), vault: Vault(DataKeys(keys), mode: mode))
        if prepared { try store.prepareSealing(now: Self.noon) }
        return store
    }

    @discardableResult
    private func put(_ id: String, into store: Store, lane: String = "email:anna@example.com") throws -> StoredEvent {
        let outcome = try EventWriter(store: store).commit([[.sample(id, lane: lane, body: Self.body)]], now: Self.noon)[0][0]
        return try #require(try EventQueries(store: store).find(outcome.eventID).first)
    }

    private func claim(_ store: Store, at now: Timestamp = noon) throws -> [ClaimedPush] {
        try JobQueue(store: store).claim(
            tenant: "acme", limits: .init(items: 10), lease: UUID().uuidString, until: now + .seconds(45), now: now)
    }

    /// Of the file and of its log.
    private func fileHolds(_ text: String, _ store: Store) throws -> Bool {
        try ["", "-wal"].contains { end in
            let data = try Data(contentsOf: URL(filePath: store.path + end))
            return data.range(of: Data(text.utf8)) != nil
        }
    }

    @Test func whatIsSealedShowsNobodyAndOpens() throws {
        let store = try store(Self.first)
        let event = try put("evt_1", into: store)
        #expect(event.rawBody == Self.body && event.headers == Bytes(#"{"a":"b"}"#.utf8) && event.unreadable == nil)
        #expect(try !fileHolds("anna", store))
        let push = try #require(try claim(store).first)
        #expect(push.events[0].rawBody == Self.body && push.events[0].headers.single("a") == Bytes("b".utf8))
        #expect(try store.texts("SELECT headers FROM webhook_event") == ["sealed:\(Self.first.id)"])
        #expect(try store.number("SELECT count(*) FROM webhook_event WHERE idempotency_key = 'stripe:acme:evt_1'") == 1)
    }

    @Test func withoutAKeyEverythingIsPlain() throws {
        let store = try store()
        try put("evt_1", into: store)
        #expect(try fileHolds("anna@example.com", store) && store.sealingState() == .plain)
    }

    @Test func onePersonsEventsStandInOneLaneAndAreFound() throws {
        let store = try store(Self.first)
        for id in ["evt_1", "evt_2"] { try put(id, into: store) }
        try put("evt_3", into: store, lane: "email:ben@example.com")
        let pushes = try claim(store)
        #expect(pushes.map(\.events.count) == [2, 1])
        var filter = EventFilter()
        filter.user = "Ben@example.com"
        #expect(try EventQueries(store: store).list(filter, limit: 9).events.count == 1, "its lane alone has that address")
        filter.user = "Anna@example.com"
        #expect(try EventQueries(store: store).list(filter, limit: 9).events.count == 3, "the third has it in its payload")
        #expect(try store.number("SELECT count(*) FROM lane WHERE name LIKE '#%'") == 2)
    }

    @Test func anotherTenantsLaneHasAnotherName() throws {
        let vault = try store(Self.first).vault
        let names = [vault.lane("email:a@b.c", tenant: "acme"), vault.lane("email:a@b.c", tenant: "globex")]
        #expect(names[0] != names[1] && names[0]?.count == 33 && vault.lane(names[0], tenant: "acme") == names[0])
        #expect(vault.lane(nil, tenant: "acme") == nil)
    }

    /// Turning it on while events wait: the old ones can be read, and the person's order is kept.
    @Test func plainRowsStayReadableAndKeepTheirPlace() throws {
        let plain = try store()
        try put("evt_1", into: plain)
        try JobQueue(store: plain).lineUp()
        try put("evt_2", into: plain)
        let sealed = try store(Self.first)
        try put("evt_3", into: sealed)
        let pushes = try claim(sealed)
        #expect(pushes.map { $0.events.map(\.rawBody) } == [[Self.body, Self.body, Self.body]])
        #expect(try sealed.number("SELECT count(*) FROM lane WHERE name LIKE 'email:%'") == 0)
    }

    /// And off again: nothing is lost as long as the key is there.
    @Test func switchedOffItReadsOnAndSealsNoMore() throws {
        try put("evt_1", into: store(Self.first))
        let off = try store(Self.first, mode: .off)
        try put("evt_2", into: off)
        #expect(try off.texts("SELECT substr(headers, 1, 1) FROM webhook_event ORDER BY seq") == ["s", "{"])
        #expect(try claim(off).map { $0.events.map(\.rawBody) } == [[Self.body, Self.body]])
    }

    @Test func aWrongOrMissingKeyIsSaidAndWritesNothing() throws {
        try put("evt_1", into: store(Self.first))
        for keys in [[], [Self.second]] {
            let locked = try Store(path: scratch.file("store.db"), vault: Vault(DataKeys(keys)))
            #expect(try locked.sealingState() == .locked(keyID: Self.first.id))
            let error = #expect(throws: StoreError.self) { try locked.prepareSealing(now: Self.noon) }
            #expect("\(try #require(error))".contains("encrypted with data key \(Self.first.id)"))
            #expect(throws: StoreError.self) { try locked.refuseLocked() }
            let event = try #require(try EventQueries(store: locked).find("evt_1").first)
            #expect(event.unreadable == .noKey(id: Self.first.id) && event.rawBody == [])
        }
        let back = try store(Self.second, Self.first)
        #expect(try back.sealingState() == .open(keyID: Self.first.id))
        #expect(try claim(back).first?.events.first?.rawBody == Self.body)
    }

    /// Somebody opened the store before it was sealed, and writes after.
    @Test func nobodyWritesPlainIntoASealedStore() throws {
        let (none, early, wrong, off) = (
            try store(), try store(Self.first, prepared: false), try store(Self.second, prepared: false), try store(mode: .off)
        )
        try put("evt_1", into: store(Self.first))
        for writer in [none, wrong] {
            let error = #expect(throws: StoreError.self) { try put("evt_2", into: writer) }
            #expect("\(try #require(error))".contains("encrypted with data key \(Self.first.id)"))
            // Nor what WordPress answered: the worker's run may have begun before.
            #expect(throws: StoreError.self) { try JobQueue(store: writer).settle([], lease: "early", now: Self.noon) }
        }
        try put("evt_3", into: early)
        #expect(try early.texts("SELECT DISTINCT headers FROM webhook_event") == ["sealed:\(Self.first.id)"])
        #expect(try early.number("SELECT count(DISTINCT lane) FROM webhook_event") == 1, "one person, one lane")
        try put("evt_4", into: off)
        #expect(try off.number("SELECT count(*) FROM webhook_event WHERE headers LIKE '{%'") == 1, "that is the settings' word")
    }

    /// A claim leaves them alone, without a try, and takes the others.
    @Test func eventsOfAMissingKeyWait() throws {
        let old = try store(Self.first)
        try put("evt_1", into: old)
        let both = try store(Self.second, Self.first)
        _ = try Rotation(store: both).run { _ in true }
        // By a program that has not read its keys anew.
        try put("evt_2", into: old, lane: "email:ben@example.com")
        let new = try store(Self.second)
        #expect(try claim(new).map { $0.events[0].rawBody } == [Self.body])
        #expect(try claim(new).isEmpty)
        #expect(try new.texts("SELECT DISTINCT attempts FROM job_execution") == ["0"])
        #expect(try claim(both, at: Self.noon + JobQueue.untilKeyIsBack).map { $0.events[0].rawBody }.contains(Self.body))
    }

    @Test(arguments: [
        (
            "a byte",
            "UPDATE webhook_event SET raw_body = CAST(substr(raw_body, 1, 40) || x'00' || substr(raw_body, 42) AS BLOB) WHERE idempotency_key LIKE '%evt_1'"
        ),
        (
            "cut",
            "UPDATE webhook_event SET raw_body = CAST(substr(raw_body, 1, length(raw_body) - 1) AS BLOB) WHERE idempotency_key LIKE '%evt_1'"
        ),
        (
            "another row's",
            "UPDATE webhook_event SET raw_body = (SELECT raw_body FROM webhook_event WHERE idempotency_key LIKE '%evt_2') WHERE idempotency_key LIKE '%evt_1'"
        ),
        ("another tenant's", "UPDATE webhook_event SET tenant = 'globex' WHERE idempotency_key LIKE '%evt_1'"),
        ("another source's", "UPDATE webhook_event SET source = 'github' WHERE idempotency_key LIKE '%evt_1'"),
        ("a plain body under the mark", "UPDATE webhook_event SET raw_body = CAST('{}' AS BLOB) WHERE idempotency_key LIKE '%evt_1'"),
    ])
    func aChangedOrMovedRowDoesNotOpen(_ name: String, sql: String) throws {
        let store = try store(Self.first)
        let (one, two) = (try put("evt_1", into: store), try put("evt_2", into: store))
        try store.run(sql)
        let queries = EventQueries(store: store)
        #expect(try queries.find(one.summary.id).first?.unreadable == .tampered, "\(name)")
        #expect(try queries.find(two.summary.id).first?.rawBody == Self.body)
    }

    /// What stands in another row, or came from another column, does not open.
    @Test func noSealedValueOpensElsewhere() throws {
        let vault = try store(Self.first).vault
        let mirror = try vault.seal(Self.body, at: .mirror(push: "p", tenant: "acme"))
        let original = try vault.seal(Self.body, at: .original(1, tenant: "acme"))
        let secret = try vault.seal(Self.body, at: .learnedSecret(source: "asana", tenant: "acme"))
        #expect(try vault.open(mirror, at: .mirror(push: "p", tenant: "acme")) == Self.body)
        for (value, elsewhere) in [
            (mirror, SealPlace.mirror(push: "q", tenant: "acme")), (mirror, .mirror(push: "p", tenant: "globex")),
            (mirror, .answer(push: "p", requestID: "acme")), (original, .original(2, tenant: "acme")),
            (original, .original(1, tenant: "globex")), (original, .event(1, source: "", tenant: "acme")), (original, .rejection(1)),
            (secret, .learnedSecret(source: "asana", tenant: "globex")), (secret, .searchKey),
        ] { #expect(throws: SealError.tampered) { try vault.open(value, at: elsewhere) } }
        let answer = try vault.sealedAlways(answer: "no user anna", of: "p", requestID: "r")
        #expect(vault.opened(answer: answer, of: "p", requestID: "r") == "no user anna")
        for (push, request) in [("q", "r"), ("p", "s")] {
            #expect(vault.opened(answer: answer, of: push, requestID: request)?.contains("changed or moved") == true, "in words")
        }
    }

    @Test func theClaimSaysWhatWasTamperedWith() throws {
        let store = try store(Self.first)
        try put("evt_1", into: store)
        try store.run("UPDATE webhook_event SET raw_body = CAST(raw_body || x'00' AS BLOB)")
        let push = try #require(try claim(store).first)
        #expect(push.events.map(\.isTampered) == [true])
    }

    @Test func rotatesWhateverIsSealedOrPlain() throws {
        try put("evt_plain", into: store())
        let old = try store(Self.first)
        for number in 0..<250 { try put("evt_\(number)", into: old, lane: "email:\(number)@example.com") }
        try Self.fillTheRest(old)
        let both = try store(Self.second, Self.first)
        let before = try both.sealedCounts()
        #expect(before.total(Self.first.id) == 254 && before.total(nil) == 1)
        let done = try #require(try Rotation(store: both).run { _ in true })
        #expect(done.reduce(0) { $0 + $1.moved } == 255 && done.allSatisfy { $0.unreadable == 0 })
        let new = try store(Self.second)
        let after = try new.sealedCounts()
        #expect(after.total(Self.second.id) == 255 && after.total(Self.first.id) == 0 && after.total(nil) == 0)
        #expect(try EventQueries(store: new).list(EventFilter(), limit: 999).events.count == 252)
        for event in try EventQueries(store: new).list(EventFilter(), limit: 999).events {
            #expect(try EventQueries(store: new).find(event.id).first?.rawBody == Self.body)
        }
        #expect(try EventQueries(store: new).attempts(ofPush: "p").map(\.answer) == ["no such user anna@example.com"])
        #expect(try LearnedSecrets(store: new).load(now: Self.noon).secrets.map(\.secret.exposed) == ["a learned secret"])
        let mirrored = try #require(try MirroredEvents(store: new).list(tenant: nil, source: nil, limit: 1).first)
        #expect(try MirroredEvents(store: new).kept(mirrored.sequence)?.payload == Self.body)
        #expect(try Rotation(store: new).run { _ in true }?.reduce(0) { $0 + $1.moved } == 0)
    }

    /// A mirrored payload, WordPress's answer and a learned secret.
    private static func fillTheRest(_ store: Store) throws {
        _ = try LearnedSecrets(store: store).open("asana", "acme", until: noon + .seconds(60), now: noon)
        #expect(try LearnedSecrets(store: store).learn(Secret("a learned secret"), "asana", "acme", from: nil, now: noon))
        let payload = try store.vault.seal(body, at: .mirror(push: "p", tenant: "acme"))
        let answer = try store.vault.sealed(answer: "no such user anna@example.com", of: "p", requestID: "r")
        _ = try EventWriter(store: store).commit([[.sample("evt_mirrored", route: .keep, body: body)]], now: noon)
        try store.write { db in
            try db.execute(sql: AttemptSQL.add, arguments: ["p", 1, "dead", 400, "c", "e", 1, "r", answer])
            let sequence = try Int64.fetchOne(db, sql: "SELECT max(seq) FROM webhook_event")
            try db.execute(sql: MirrorSQL.keep, arguments: [sequence, "mirror", 1, "p", Data(payload)])
        }
    }

    @Test func aRotationThatWasStoppedGoesOn() throws {
        let old = try store(Self.first)
        for number in 0..<250 { try put("evt_\(number)", into: old) }
        let both = try store(Self.second, Self.first)
        // The first table's first step was a thousand rows: nothing of it is undone, and what is left is done by the next run.
        #expect(try Rotation(store: both).run { _ in false } == nil)
        let counts = try both.sealedCounts()
        #expect(counts.total(Self.second.id) > 0)
        try put("evt_late", into: old)
        _ = try Rotation(store: both).run { _ in true }
        #expect(try both.sealedCounts().total(Self.first.id) == 0 && both.sealedCounts().total(Self.second.id) == 251)
    }

    /// An ingest that was not reloaded seals on with the old key: said in words, not tried for ever.
    @Test func aRotationThatSomebodyWritesAgainstEnds() throws {
        let old = try store(Self.first)
        try put("evt_0", into: old)
        var number = 0
        let error = #expect(throws: StoreError.self) {
            try Rotation(store: self.store(Self.second, Self.first)).run { _ in
                number += 1
                _ = try? put("evt_\(number)", into: old)
                return true
            }
        }
        #expect("\(try #require(error))".contains("reload gatepost-ingest") && number == 20)
        #expect(try Rotation(store: store(Self.second, Self.first)).run { _ in true }?[0].moved == 1)
    }

    @Test func rotatesBackIntoPlain() throws {
        try put("evt_1", into: store(Self.first))
        let off = try store(Self.first, mode: .off)
        _ = try Rotation(store: off, toPlain: true).run { _ in true }
        let none = try store()
        #expect(try none.sealingState() == .plain)
        #expect(try EventQueries(store: none).find("evt_1").first?.rawBody == Self.body)
    }

    @Test func whatCannotBeOpenedIsLeftAndCounted() throws {
        let store = try store(Self.first)
        for id in ["evt_1", "evt_2"] { try put(id, into: store) }
        try store.run("UPDATE webhook_event SET raw_body = CAST(raw_body || x'00' AS BLOB) WHERE idempotency_key LIKE '%evt_1'")
        let both = try self.store(Self.second, Self.first)
        let done = try #require(try Rotation(store: both).run { _ in true })
        #expect(done[0].moved == 1 && done[0].unreadable == 1 && done[0].firstFault == .tampered)
    }

    @Test func aLostKeyIsGivenUp() throws {
        let old = try store(Self.first)
        try put("evt_1", into: old)
        let new = try store(Self.second, prepared: false)
        #expect(try LostKey(store: new, id: Self.first.id).giveUp(now: Self.noon) == 1)
        try new.prepareSealing(now: Self.noon)
        #expect(try new.sealingState() == .open(keyID: Self.second.id))
        #expect(try DeadLetters(store: new).list(.init(), limit: 9).map(\.cause) == ["key_lost"])
        // The provider sends it again: it is new.
        let again = try put("evt_1", into: new)
        #expect(again.rawBody == Self.body && again.summary.status == "queued")
        #expect(try claim(new).count == 1)
        #expect(try LostKey(store: new, id: Self.first.id).giveUp(now: Self.noon) == 0)
    }

    /// WordPress has it, and its row does not say so yet: were its key given free, the provider's repeat would be pushed a second time.
    @Test func whatHasArrivedIsNotGivenUpWithALostKey() throws {
        let old = try store(Self.first)
        // More than are marked in the transaction that settles them.
        for number in 0...200 { try put("evt_\(number)", into: old, lane: "email:\(number)@example.com") }
        let queue = JobQueue(store: old)
        let pushes = try queue.claim(tenant: "acme", limits: .init(items: 300), lease: "l", until: Self.noon + .seconds(45), now: Self.noon)
        let trace = RequestTrace(requestID: "r", tookMilliseconds: 1, answer: nil)
        try queue.settle(pushes.map { ($0, .done(httpStatus: 200)) }, lease: "l", trace: trace, now: Self.noon)
        #expect(try old.number("SELECT count(*) FROM settled_push") == 201)
        let new = try store(Self.second, prepared: false)
        #expect(try LostKey(store: new, id: Self.first.id).giveUp(now: Self.noon) == 0)
        #expect(
            try new.number("SELECT count(*) FROM webhook_event WHERE status = 'processed' AND idempotency_key LIKE 'stripe:acme:evt_%'")
                == 201)
        #expect(try new.number("SELECT count(*) FROM webhook_event WHERE idempotency_key LIKE '%#lost%'") == 0)
    }

    /// A stranger's post without a single header field, from before there was a key.
    @Test func aBodyWithoutHeadersIsNotForgotten() throws {
        let plain = try store()
        try put("evt_1", into: plain)
        try plain.run("UPDATE webhook_event SET headers = '{}'")
        let sealing = try store(Self.first)
        #expect(try sealing.sealedCounts().total(nil) == 1)
        _ = try Rotation(store: sealing).run { _ in true }
        #expect(try sealing.sealedCounts().total(nil) == 0 && sealing.sealedCounts().total(Self.first.id) == 1)
        try sealing.run("UPDATE webhook_event SET headers = '{}', raw_body = x''")
        #expect(try sealing.sealedCounts().total(nil) == 0, "purged: there is nothing to seal")
    }

    @Test func aRejectedRequestIsSealedWhole() throws {
        let store = try store(Self.first)
        var headers = HeaderFields()
        headers.append(name: Bytes("x-mail".utf8), value: Bytes("anna@example.com".utf8))
        let request = SignedRequest(method: "POST", url: "https://h/api?mail=anna@example.com", headers: headers, body: Self.body)
        let arrival = Arrival(
            request: request, mediaType: "application/json", receivedAt: Self.noon, sourceIP: nil, requestID: "r", createdBy: "tests")
        let provider = try #require(Catalogue.provider(for: "stripe"))
        let rejection = NewRejection(arrival, provider: provider, tenant: "acme", reason: "signature_mismatch", explanation: "e", missed: 0)
        let writer = EventWriter(store: store)
        let id = try #require(try writer.commit([], rejections: [rejection], limits: .init(), now: Self.noon).rejections[0])
        let event = try #require(EventID(id))
        func check(_ store: Store) throws {
            let found = try #require(try RejectionQueries(store: store).find(event))
            #expect(found.body == Self.body && found.url == request.url && found.headers.single("x-mail") == Bytes("anna@example.com".utf8))
        }
        try check(store)
        #expect(try !fileHolds("anna", store))
        let both = try self.store(Self.second, Self.first)
        _ = try Rotation(store: both).run { _ in true }
        try check(self.store(Self.second))
    }
}
