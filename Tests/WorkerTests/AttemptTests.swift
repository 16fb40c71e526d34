import Testing

@testable import Common

@Suite struct AttemptTests {
    private let trace = RequestTrace(requestID: "r", tookMilliseconds: 12, answer: "<h1>Error</h1>")

    private func tryOnce(_ fixture: StoreFixture, _ verdict: Verdict) throws -> [Attempt] {
        let lease = "lease-\(fixture.now)"
        let pushes = try fixture.claim(lease)
        try fixture.queue.settle(pushes.map { ($0, verdict) }, lease: lease, trace: trace, now: fixture.now)
        return try EventQueries(store: fixture.store).attempts(ofPush: try #require(pushes.first).key)
    }

    @Test func aSuccessAtOnceLeavesNothing() throws {
        let fixture = try StoreFixture()
        try fixture.put(lane: "stripe:anna")
        #expect(try tryOnce(fixture, .done(httpStatus: 200)) == [])
    }

    @Test func tellsWhatHappenedInOrder() throws {
        let fixture = try StoreFixture()
        _ = try fixture.put(2, lane: "stripe:anna")
        let failed = Attempt(
            at: monday, verdict: "retry", httpStatus: 500, cause: "http_500", error: "status 500", tookMilliseconds: 12, requestID: "r",
            answer: "<h1>Error</h1>")
        #expect(try tryOnce(fixture, .retry(at: fixture.now, countsTry: true, failure: failure)) == [failed])
        fixture.now = fixture.now + .seconds(1)
        let all = try tryOnce(fixture, .done(httpStatus: 202))
        #expect(all.map(\.verdict) == ["retry", "done"])
        #expect(all[1].httpStatus == 202 && all[1].answer == nil && all[1].at == fixture.now)
    }

    /// A self-test's event goes while the worker still tries to push it.
    @Test func ofWhatIsGoneMeanwhileNothingIsLeft() throws {
        let fixture = try StoreFixture()
        try fixture.put(lane: "stripe:anna")
        let pushes = try fixture.claim("lease")
        try fixture.store.write { try $0.execute(sql: "DELETE FROM webhook_event") }
        try fixture.queue.settle(
            pushes.map { ($0, .retry(at: fixture.now, countsTry: true, failure: failure)) }, lease: "lease", trace: trace, now: fixture.now)
        #expect(try EventQueries(store: fixture.store).attempts(ofPush: pushes[0].key) == [])
    }

    @Test(arguments: [(19, 19), (20, 20), (21, 20), (40, 20)])
    func keepsTheLastTwenty(_ tries: Int, _ kept: Int) throws {
        let fixture = try StoreFixture()
        try fixture.put(lane: "stripe:anna")
        var all: [Attempt] = []
        for _ in 0..<tries {
            fixture.now = fixture.now + .seconds(1)
            all = try tryOnce(fixture, .retry(at: fixture.now, countsTry: true, failure: failure))
        }
        #expect(all.count == kept)
        #expect(all.last?.at == fixture.now)
    }

    @Test(
        arguments: [
            ("nothing", "", nil), ("a page", "<html>", "<html>"), ("a secret", "said s3cret-one, s3cret-one", "said …, …"),
            ("a longer one with a shorter in it", "s3cret-one-more", "…"), ("a NUL", "a\0b", "ab"),
            ("a long page", String(repeating: "x", count: 5000), String(repeating: "x", count: 1024)),
            ("a secret across the cut", String(repeating: "x", count: 1020) + "s3cret-one", String(repeating: "x", count: 1020) + "…"),
        ] as [(String, String, String?)])
    func keepsTheBeginningWithoutSecrets(_ what: String, _ body: String, _ expected: String?) {
        let secrets = ["s3cret-one", "s3cret-one-more", "x", ""].map { Bytes($0.utf8) }
        #expect(RequestTrace.excerpt(of: Bytes(body.utf8), without: secrets) == expected, "\(what)")
    }

    @Test func everyStatementPrepares() throws {
        try StoreFixture().store.read { db in for sql in AttemptSQL.all { _ = try db.makeStatement(sql: sql) } }
    }
}

/// Workers that die on one push.
@Suite struct SuspectTests {
    @Test func isTriedByItselfAfterThreeDeaths() throws {
        let fixture = try StoreFixture()
        let bad = try fixture.put(lane: "stripe:bad")
        let good = try fixture.put(lane: "stripe:good")
        for _ in 0..<3 {
            let pushes = try fixture.claim()
            #expect(Set(pushes.flatMap(\.ids)).contains(bad))
            fixture.now = fixture.now + .seconds(45)
        }
        #expect(try fixture.claim().isEmpty, "both were in the request that nobody came back from")
        func suspect(_ lease: String) throws -> ClaimedPush? {
            try fixture.queue.claimSuspect(tenant: "acme", lease: lease, until: fixture.now + .seconds(45), now: fixture.now)
        }
        let first = try #require(try suspect("a"))
        let second = try #require(try suspect("b"))
        #expect(first.ids == [bad] && first.lost == 3 && second.ids == [good])
        #expect(try suspect("c") == nil)
        try fixture.settle([second], .retry(at: fixture.now + .seconds(45), countsTry: true, failure: failure), lease: "b")
        fixture.now = fixture.now + .seconds(45)
        #expect(try fixture.claim().map(\.ids) == [[good]], "an answer begins the count anew")
        #expect(try #require(try suspect("d")).lost == 4)
    }
}
