import Foundation
import GRDB
import Testing

@testable import Common

@Suite struct RejectionWriterTests {
    private let scratch: ScratchStore
    private var queries: RejectionQueries { RejectionQueries(store: scratch.store) }

    init() throws { scratch = try ScratchStore() }

    private func rejection(
        _ body: String = "{}", source: String = "stripe", tenant: TenantName? = nil, headers: [(String, String)] = [], missed: Int = 0,
        minute: Int64 = 0
    ) -> NewRejection {
        let request = SignedRequest(
            method: "POST", url: "https://hooks.example/api/webhooks/\(source)", headers: HeaderFields(headers), body: Bytes(body.utf8))
        let arrival = Arrival(
            request: request, mediaType: "application/json", receivedAt: Timestamp(milliseconds: minute * 60_000), sourceIP: "192.0.2.7",
            requestID: "request-1", createdBy: "tests")
        return NewRejection(
            arrival, provider: Catalogue.provider(for: SourceName(source)!)!, tenant: tenant, reason: "signature_wrong",
            explanation: "no active secret gives this signature", missed: missed)
    }

    @discardableResult
    private func put(
        _ rejections: [NewRejection], posts: [[NewEvent]] = [], minute: Int64 = 0, _ change: (inout Settings.Rejected) -> Void = { _ in }
    ) throws -> [String?] {
        var limits = Settings.Rejected()
        change(&limits)
        let now = Timestamp(milliseconds: minute * 60_000)
        return try scratch.writer.commit(posts, rejections: rejections, limits: limits, now: now).rejections
    }

    private func found(_ id: String?) throws -> StoredRejection? {
        let id = try #require(id.flatMap { EventID($0) })
        return try queries.find(id)
    }

    @Test(arguments: RejectionSQL.all + RejectionListSQL.all + RejectionCountSQL.all)
    func everyStatementFitsTheSchema(_ sql: String) throws {
        try scratch.store.read { _ = try $0.makeStatement(sql: sql) }
    }

    @Test func isTheGuidesRow() throws {
        try put([rejection(tenant: "acme", headers: [("Stripe-Signature", "t=1,v1=ab"), ("Authorization", "Basic c2VjcmV0")], missed: 3)])
        let row = """
            SELECT status || signature_valid || coalesce(idempotency_key, 'no key') || event_type || tenant || error FROM webhook_event
            """
        #expect(try scratch.store.texts(row) == ["discarded0no keyunverifiedacmesignature_wrong"])
        #expect(try scratch.store.number("SELECT (SELECT count(*) FROM job_execution) + (SELECT count(*) FROM nonce)") == 0)
        #expect(try scratch.store.texts("SELECT headers FROM webhook_event").allSatisfy { !$0.contains("c2VjcmV0") })
        #expect(try EventQueries(store: scratch.store).counts().total(.discarded) == 1)
        #expect(try queries.count(RejectionFilter()) == (1, 3))
    }

    /// What was taken in after all is no more rejected, and neither is a discarded event.
    @Test func countsWhatIsRejectedStill() throws {
        try put([rejection(tenant: "acme"), rejection("[]", tenant: "acme"), rejection(source: "github")])
        let first = try #require(try scratch.store.number("SELECT min(event_seq) FROM rejection"))
        try scratch.store.write { db in
            try db.execute(sql: RejectionSQL.settle, arguments: [first, 5])
        }
        let counts = try queries.counts()
        #expect(counts.kept(tenant: "acme", source: "stripe") == 2 && counts.open(tenant: "acme", source: "stripe") == 1)
        #expect(counts.open(tenant: "", source: "github") == 1 && counts.open(tenant: "acme", source: "github") == 0)
    }

    @Test func comesBackByteForByte() throws {
        var headers = HeaderFields([("X-Twice", "1"), ("X-Twice", "2: 3"), ("X-Empty", "")])
        headers.append(name: Bytes("X-Latin".utf8), value: [0xE9, 0x20, 0xFF])
        #expect(HeaderFields(lines: headers.lines).fields.elementsEqual(headers.fields) { $0 == $1 })
        var forged = HeaderFields()
        forged.append(name: Bytes("x".utf8), value: Bytes("1\nstripe-signature: 2".utf8))
        #expect(HeaderFields(lines: forged.lines).values(of: "stripe-signature").isEmpty, "one line stays one line")
        let ids = try put([rejection("\u{0}{\r\n}", headers: [("X-A", "b")])])
        let stored = try #require(try found(ids[0]))
        #expect(stored.body == Bytes("\u{0}{\r\n}".utf8) && stored.method == "POST" && stored.url.hasSuffix("/stripe"))
    }

    @Test func staysOutOfTheListOfEvents() throws {
        try put([rejection()], posts: [[.sample("evt_1")]])
        let events = EventQueries(store: scratch.store)
        #expect(try events.list(EventFilter(), limit: 10).events.map(\.type) == ["customer.updated"])
        var filter = EventFilter()
        filter.status = .discarded
        #expect(try events.list(filter, limit: 10).events.map(\.type) == ["unverified"])
        filter.status = .queued
        #expect(try events.list(filter, limit: 10).events.count == 1)
    }

    /// A forged request must not make the honest one a duplicate.
    @Test func claimsNothing() throws {
        try put((0..<3).map { rejection(#"{"id":"evt_1"}"#, minute: $0) })
        #expect(try scratch.put(.sample("evt_1", body: Bytes(#"{"id":"evt_1"}"#.utf8), nonce: Crypto.sha256([1])))[0].isNew)
    }

    /// Also where another process keeps its own account: the store is asked too.
    @Test func keepsWithinTheMinute() throws {
        let ids = try put((0..<5).map { rejection("{\"n\":\($0)}") }) { $0.perMinute = 3 }
        #expect(ids.map { $0 != nil } == [true, true, true, false, false])
        #expect(try put([rejection()]) { $0.perMinute = 3 } == [nil])
        #expect(try put([rejection(source: "github"), rejection(minute: 1)]) { $0.perMinute = 3 }.allSatisfy { $0 != nil })
    }

    @Test func theLargestSourceGivesWay() throws {
        try put([rejection(source: "github", minute: 0)]) { $0.keep = 10 }
        try put([rejection("{\"quiet\":1}", minute: 0)]) { $0.keep = 10 }
        for minute in Int64(1)..<8 { try put((0..<5).map { _ in rejection(minute: minute) }, minute: minute) { $0.keep = 10 } }
        #expect(try queries.count(RejectionFilter()).kept == 10)
        #expect(try scratch.store.number("SELECT count(*) FROM rejection WHERE source = 'github'") == 1, "of another source")
        #expect(try scratch.store.number("SELECT count(*) FROM webhook_event WHERE raw_body = CAST('{\"quiet\":1}' AS BLOB)") == 1)
        #expect(try EventQueries(store: scratch.store).counts().total(.discarded) == 10)
        #expect(try scratch.store.number("SELECT max(n) FROM (SELECT count(*) AS n FROM rejection GROUP BY source, minute)") ?? 9 <= 2)
    }

    @Test func keepsWithinTheBytes() throws {
        let big = String(repeating: " ", count: 60_000)
        for minute in Int64(0)..<40 { try put([rejection(big, minute: minute)], minute: minute) { $0.bytes = 1 << 20 } }
        let bytes = try scratch.store.number("SELECT sum(bytes) FROM rejection") ?? 0
        #expect(bytes <= 1 << 20 && bytes > 900_000)
        #expect(try put([rejection(big + big)]) { $0.bytes = 1 << 20 } == [nil], "more than a minute's share")
    }

    @Test func oldOnesGoInSmallSteps() throws {
        for minute in Int64(0)..<10 { try put((0..<20).map { _ in rejection(minute: minute) }, minute: minute) }
        let later: Int64 = 31 * 24 * 60
        let day = { (limits: inout Settings.Rejected) in limits.days = 30 }
        var left: [Int64?] = []
        for step in Int64(0)..<5 {
            try put([rejection(minute: later + step)], minute: later + step, day)
            left.append(try scratch.store.number("SELECT count(*) FROM rejection"))
        }
        #expect(left == [137, 74, 11, 4, 5])
        #expect(try EventQueries(store: scratch.store).counts().total(.discarded) == 5)
    }

    @Test func oneThatIsRefusedByTheSchemaHarmsNoEvent() throws {
        try scratch.store.run("CREATE TRIGGER no_rejection BEFORE INSERT ON rejection BEGIN SELECT RAISE(ABORT, 'no'); END")
        #expect(try put([rejection(), rejection()], posts: [[.sample("evt_1")]]) == [nil, nil])
        #expect(try scratch.store.texts("SELECT status FROM webhook_event") == ["queued"])
        #expect(try scratch.store.texts("SELECT status || events FROM event_count") == ["queued1"])
    }

    @Test func aloneItDoesNotWaitLongForTheLock() throws {
        let other = try Store(path: scratch.store.path)
        let error = try other.write { _ in #expect(throws: StoreError.self) { try put([rejection()]) } }
        #expect("\(try #require(error))".contains("locked"))
        #expect(try put([rejection()])[0] != nil)
    }

    @Test func withAnEventItWaits() throws {
        let other = try Store(path: scratch.store.path)
        let error = try other.write { _ in #expect(throws: StoreError.self) { try put([rejection()]) } }
        #expect(error != nil)
        let isHeld = DispatchSemaphore(value: 0)
        DispatchQueue.global().async {
            try? other.write { _ in
                isHeld.signal()
                usleep(50_000)
            }
        }
        isHeld.wait()
        #expect(try put([rejection()], posts: [[.sample("evt_1")]])[0] != nil)
    }

    // MARK: Readmission

    private func readmission(_ id: String, _ event: String) throws -> Readmission {
        let stored = try #require(try found(id))
        return Readmission(sequence: stored.rejection.sequence, events: [.sample(event)])
    }

    @Test func becomesAnEventOnce() throws {
        let ids = try put([rejection(), rejection("[]")]).compactMap { $0 }
        let now = Timestamp(milliseconds: 5)
        let both = [try readmission(ids[0], "evt_1"), try readmission(ids[1], "evt_1")]
        let outcomes = try scratch.writer.readmit(both, now: now).map { try #require($0) }
        #expect(outcomes[0][0].isNew && outcomes[1] == [.duplicate(outcomes[0][0].eventID)])
        #expect(try scratch.writer.readmit(both, now: now).allSatisfy { $0 == nil }, "and not again")
        let kept = try queries.list(RejectionFilter(), limit: 9)
        #expect(kept.map(\.outcome) == [.duplicate, .admitted] && kept.allSatisfy { $0.eventIDs == [outcomes[0][0].eventID] })
        var open = RejectionFilter()
        open.onlyOpen = true
        #expect(try queries.sequences(open).isEmpty)
        #expect(try EventQueries(store: scratch.store).counts().total(.queued) == 1)
    }

    /// Ingest made room between its reading and its admission: what is in hand is the last of it.
    @Test func oneThatHadToGoMeanwhileIsAdmittedAllTheSame() throws {
        let ids = try put([rejection()])
        let readmission = try readmission(try #require(ids[0]), "evt_1")
        try scratch.store.run("DELETE FROM webhook_event WHERE signature_valid = 0")
        let now = Timestamp(milliseconds: 5)
        #expect(try scratch.writer.readmit([readmission], now: now).map { $0?.map(\.isNew) } == [[true]])
        #expect(try scratch.writer.readmit([readmission], now: now).map { $0?.map(\.isNew) } == [[false]])
        #expect(try EventQueries(store: scratch.store).counts().total(.queued) == 1)
    }

    /// Admission and mark stand or fall together.
    @Test func killedHalfWayNothingIsDone() throws {
        let ids = try put([rejection()])
        let poison = Readmission(
            sequence: try #require(try found(ids[0])).rejection.sequence, events: [.sample("evt_1"), .sample("evt_2", nonce: [1])])
        #expect(throws: StoreError.self) { try scratch.writer.readmit([poison], now: Timestamp(milliseconds: 5)) }
        #expect(try queries.list(RejectionFilter(), limit: 1)[0].outcome == nil)
        #expect(try scratch.store.number("SELECT count(*) FROM webhook_event") == 1)
    }

    @Test func settledOnesGoFirst() throws {
        let ids = try put((0..<4).map { rejection("{\"n\":\($0)}", minute: $0) }).compactMap { $0 }
        _ = try scratch.writer.readmit([try readmission(ids[2], "evt_1")], now: Timestamp(milliseconds: 5))
        try put([rejection(minute: 5)]) { $0.keep = 4 }
        #expect(try found(ids[2]) == nil)
        #expect(try queries.count(RejectionFilter()).kept == 4)
    }
}
