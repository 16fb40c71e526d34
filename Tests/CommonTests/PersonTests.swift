import Foundation
import GRDB
import Testing

@testable import Common

@Suite(.serialized) struct PersonTests {
    private static let noon = Timestamp(milliseconds: 1_764_000_000_000)
    private static let key = DataKey(Bytes(repeating: 3, count: 32))!
    private let scratch: Scratch
    private let store: Store

    init() throws {
        scratch = try Scratch()
        store = try Store(path: scratch.file("store.db"), vault: Vault(DataKeys([Self.key])))
        try store.prepareSealing(now: Self.noon)
    }

    /// A customer of Stripe's, taken in as ingest does.
    @discardableResult
    private func put(
        _ id: String, customer: String = "cus_1", email: String? = "anna@example.com", text: String = "", type: String = "customer.updated",
        tenant: TenantName = "acme"
    ) throws -> String {
        let mail = email.map { #","email":"\#($0)""# } ?? ""
        let body = Bytes(#"{"id":"\#(id)","type":"\#(type)","data":{"object":{"id":"\#(customer)","note":"\#(text)"\#(mail)}}}"#.utf8)
        let provider = try #require(Catalogue.provider(for: "stripe"))
        let event = NewEvent(
            source: "stripe", tenant: tenant, reading: provider.read(try JSONDocument(body).root, headers: HeaderFields()),
            receivedAt: Self.noon, sourceIP: "192.0.2.1", userAgent: "Test/1", createdBy: "tests", requestID: "r", traceparent: nil,
            headers: Bytes("{}".utf8), rawBody: body, nonce: nil)
        return try EventWriter(store: store).commit([[event]], now: Self.noon)[0][0].eventID
    }

    private func find(_ person: Person, tenant: TenantName? = nil) throws -> [PersonSearch.Hit] {
        try PersonSearch(store: store, providers: .catalogue).find(person, tenant: tenant).hits
    }

    private func settle(_ verdict: Common.Verdict) throws {
        let queue = JobQueue(store: store)
        let pushes = try queue.claim(
            tenant: "acme", limits: .init(items: 100), lease: "l", until: Self.noon + .seconds(45), now: Self.noon)
        let trace = RequestTrace(requestID: "r", tookMilliseconds: 1, answer: "anna@example.com is unknown")
        try queue.settle(pushes.map { ($0, verdict) }, lease: "l", trace: trace, now: Self.noon)
    }

    @Test func findsAPersonWhereverSheIsNamed() throws {
        let ids = [
            try put("evt_1"), try put("evt_2", email: "ANNA@Example.com"),
            try put("evt_3", customer: "cus_9", email: nil, text: "for <anna@example.com>."),
            try put("evt_4", customer: "cus_8", email: nil, text: "anna\\u0040example.com"), try put("evt_5", tenant: "globex"),
        ]
        try put("evt_other", customer: "cus_2", email: "ben@example.com")
        try put("evt_like", customer: "cus_3", email: nil, text: "cus_1")
        try put("evt_longer", customer: "cus_4", email: "x.anna@example.com", text: "anna@example.com.au, anna@example.community")
        #expect(try find(.email("Anna@example.com")).map(\.id) == ids)
        #expect(try find(.email("anna@example.com"), tenant: "globex").map(\.id) == [ids[4]])
        #expect(try find(.user("stripe", id: "cus_1")).map(\.id) == [ids[0], ids[1], ids[4]])
        #expect(try find(.user("stripe", id: "cus_1"))[0].emails == ["anna@example.com"])
        #expect(try find(.user("github", id: "cus_1")) == [])
        #expect(try find(.email("nobody@example.com")) == [])
    }

    /// Kept whole beside what the rules left: the address may stand there as a form or JSON writes it.
    @Test(arguments: [
        ("a form", "type=subscribe&data%5Bemail%5D=Anna%40example.com&x=1"), ("JSON", #"{"email":"anna\u0040example.com"}"#),
        ("a form within a form", "payload=%7B%22email%22%3A%22anna%40example.com%22%7D"), ("as it is", "to anna@example.com, at once"),
    ])
    func findsAPersonInTheWholePayload(_ name: String, original: String) throws {
        let event = NewEvent(
            source: "mailchimp", tenant: "acme",
            reading: EventReading(providerEventID: "m-1", eventType: "subscribe", occurredAt: nil, route: .keep, lane: nil),
            receivedAt: Self.noon, sourceIP: nil, userAgent: nil, createdBy: "tests", requestID: "r", traceparent: nil,
            headers: Bytes(#"{"content-type":"application/json"}"#.utf8), rawBody: Bytes(#"{"type":"subscribe"}"#.utf8), nonce: nil,
            original: .init(body: Bytes(original.utf8), until: Self.noon + .seconds(86_400)))
        let id = try EventWriter(store: store).commit([[event]], now: Self.noon)[0][0].eventID
        #expect(try find(.email("anna@example.com")).map(\.id) == [id], "\(name)")
        #expect(try find(.email("nna@example.com")) == [])
    }

    @Test func findsAPersonInAHeader() throws {
        let event = NewEvent(
            source: "okta", tenant: "acme",
            reading: EventReading(providerEventID: "o-1", eventType: "user.session.start", occurredAt: nil, route: .keep, lane: nil),
            receivedAt: Self.noon, sourceIP: nil, userAgent: nil, createdBy: "tests", requestID: "r", traceparent: nil,
            headers: Bytes(#"{"from":"Anna <Anna@example.com>"}"#.utf8), rawBody: Bytes(#"{"a":1}"#.utf8), nonce: nil)
        let id = try EventWriter(store: store).commit([[event]], now: Self.noon)[0][0].eventID
        #expect(try find(.email("anna@example.com")).map(\.id) == [id] && find(.email("nna@example.com")) == [])
    }

    /// Her hashed address is hers too, and WordPress knows her by it.
    @Test func findsAPersonByWhatStandsInHerPlace() throws {
        var rules = PrivacyRules()
        rules.rules = [PrivacyRule(PrivacyPath("$..email")!, .hash), PrivacyRule(PrivacyPath("$.data.object.id")!, .hash)]
        let minimiser = try #require(Minimiser(rules, tenant: "acme", key: store.vault.hashKey))
        let body = Bytes(#"{"id":"evt_1","type":"customer.updated","data":{"object":{"id":"cus_1","email":"Anna@Example.com"}}}"#.utf8)
        let less = minimiser.minimised(try JSONDocument(body).root)
        let provider = try #require(Catalogue.provider(for: "stripe"))
        let event = NewEvent(
            source: "stripe", tenant: "acme", reading: provider.read(try JSONDocument(less).root, headers: HeaderFields()),
            receivedAt: Self.noon, sourceIP: nil, userAgent: nil, createdBy: "tests", requestID: "r", traceparent: nil,
            headers: Bytes("{}".utf8), rawBody: less, nonce: nil)
        let id = try EventWriter(store: store).commit([[event]], now: Self.noon)[0][0].eventID
        for person in [Person.email("Anna@Example.com"), .user("stripe", id: "cus_1")] {
            let hits = try find(person)
            #expect(hits.map(\.id) == [id], "\(person)")
            #expect(hits.first?.emails.first?.hasSuffix("@hashed.invalid") == true)
        }
        #expect(try find(.email("ben@example.com")) == [] && find(.user("stripe", id: "cus_2")) == [])
    }

    /// Of a type that goes nowhere, and whose person nobody has written down.
    @Test func findsAPersonInWhatIsOnlyKept() throws {
        let id = try put("evt_1", type: "setup_intent.succeeded")
        #expect(try find(.user("stripe", id: "cus_1")).map(\.id) == [id])
        #expect(try find(.user("stripe", id: "cus_2")) == [])
    }

    @Test func erasesWhatIsDoneAndKeepsTheKey() throws {
        let id = try put("evt_1")
        try settle(.done(httpStatus: 200))
        let count = try PersonEraser(store: store).erase(find(.email("anna@example.com")), discardingOpen: false, now: Self.noon)
        #expect(count.erased == 1 && count.discarded == 0 && count.open == 0)
        let event = try #require(try EventQueries(store: store).find(id).first)
        #expect(
            event.rawBody == [] && event.headers == Bytes("{}".utf8) && event.summary.lane == nil && event.sourceIP == nil
                && event.userAgent == nil)
        #expect(event.summary.status == "processed" && event.summary.idempotencyKey == "stripe:acme:evt_1")
        #expect(try put("evt_1") == id, "a repeat is a duplicate still")
        #expect(try find(.email("anna@example.com")) == [] && find(.user("stripe", id: "cus_1")) == [])
    }

    @Test func whatIsOpenStaysUnlessToldOtherwise() throws {
        let id = try put("evt_1")
        try put("evt_ben", customer: "cus_2", email: "ben@example.com")
        try JobQueue(store: store).lineUp()
        let hits = try find(.email("anna@example.com"))
        var count = try PersonEraser(store: store).erase(hits, discardingOpen: false, now: Self.noon)
        #expect(count.open == 1 && count.erased == 0)
        #expect(try EventQueries(store: store).find(id).first?.rawBody.isEmpty == false)
        count = try PersonEraser(store: store).erase(hits, discardingOpen: true, now: Self.noon)
        #expect(count.erased == 1 && count.discarded == 1)
        let counts = try EventQueries(store: store).counts()
        #expect(counts.total(.discarded) == 1 && counts.total(.queued) == 1)
        let pushes = try JobQueue(store: store).claim(
            tenant: "acme", limits: .init(items: 9), lease: "l", until: Self.noon + .seconds(45), now: Self.noon)
        #expect(pushes.map { $0.events.count } == [1] && pushes[0].events[0].id != id)
    }

    @Test func whatIsBeingPushedIsLeft() throws {
        try put("evt_1")
        let queue = JobQueue(store: store)
        _ = try queue.claim(tenant: "acme", limits: .init(items: 9), lease: "l", until: Self.noon + .seconds(45), now: Self.noon)
        let count = try PersonEraser(store: store).erase(find(.email("anna@example.com")), discardingOpen: true, now: Self.noon)
        #expect(count.underWay == 1 && count.erased == 0)
    }

    /// What was tried under one key with her event goes under another without it.
    @Test(arguments: [false, true])
    func theRestOfAPushGetsAnotherKey(_ isDead: Bool) throws {
        let ids = [try put("evt_1"), try put("evt_2"), try put("evt_3")]
        let failure = PushFailure(cause: "http_503", text: "no", httpStatus: 503)
        try settle(isDead ? .dead(failure) : .retry(at: Self.noon, countsTry: true, failure: failure))
        let first = try find(.user("stripe", id: "cus_1")).filter { $0.id == ids[1] }
        _ = try PersonEraser(store: store).erase(first, discardingOpen: true, now: Self.noon)
        if isDead {
            let letters = DeadLetters(store: store)
            #expect(try letters.retry(letters.sequences(.init()), now: Self.noon) == 2)
        }
        let pushes = try JobQueue(store: store).claim(
            tenant: "acme", limits: .init(items: 9), lease: "m", until: Self.noon + .seconds(45), now: Self.noon)
        let members = isDead ? [ids[0]] : [ids[0], ids[2]]
        #expect(pushes.map { $0.events.map(\.id) } == [members])
        #expect(pushes.map(\.key) == [Coalescing.key(of: members)])
    }

    @Test func deadLettersAreGivenUpAndAnswersGo() throws {
        try put("evt_1")
        try settle(.dead(PushFailure(cause: "http_400", text: "anna@example.com is no good", httpStatus: 400)))
        let count = try PersonEraser(store: store).erase(find(.email("anna@example.com")), discardingOpen: false, now: Self.noon)
        #expect(count.erased == 1 && count.discarded == 1)
        #expect(try store.number("SELECT count(*) FROM attempt WHERE answer IS NOT NULL OR error IS NOT NULL") == 0)
        #expect(try DeadLetters(store: store).list(.init(), limit: 9).isEmpty)
        #expect(try EventQueries(store: store).counts().total(.discarded) == 1)
    }

    @Test func whoseDataIsSealedWithAnotherKeyIsUnknown() throws {
        try put("evt_1")
        try store.run("UPDATE webhook_event SET raw_body = CAST(raw_body || x'00' AS BLOB)")
        let result = try PersonSearch(store: store, providers: .catalogue).find(.email("anna@example.com"))
        #expect(result.unreadable == 1)
    }

    @Test func theRecordNamesNobody() {
        let mark = Person.email("Anna@example.com").mark(store.vault)
        #expect(mark == Person.email("anna@example.com").mark(store.vault) && !mark.lowercased().contains("anna"))
        #expect(Person.email("a@b.c").mark(Vault()) == "one person")
    }
}
