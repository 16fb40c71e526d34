import Testing

@testable import Common
@testable import CronWorker
@testable import Transport

private let policy = CircuitPolicy()
private let ill = EndpointReport.ill(failure)

@Suite struct CircuitTests {
    /// Requests of so many pushes each, all of which failed.
    private func after(_ pushes: [Int], from circuit: Circuit? = nil) -> Circuit? {
        pushes.reduce(circuit) { Circuit.after(ill, pushes: $1, $0, policy: policy, now: monday) }
    }

    @Test(arguments: [
        ("one event, all its tries", [1, 1, 1, 1, 1], Circuit.State.closed), ("six events", Array(repeating: 1, count: 29), .closed),
        ("the threshold", Array(repeating: 1, count: 30), .open), ("two full requests", [100, 100], .closed),
        ("three", [100, 100, 1], .open), ("one over", [29, 1, 1], .open),
    ])
    func opensOnAStorm(_ what: String, _ pushes: [Int], _ state: Circuit.State) {
        #expect(after(pushes)?.state == state, "\(what)")
    }

    @Test func anAnswerInBetweenBeginsAnew() {
        let half = after([20, 1])
        #expect(Circuit.after(.well, pushes: 1, half, policy: policy, now: monday) == nil)
        #expect(Circuit.after(.unknown, pushes: 1, half, policy: policy, now: monday) == half)
        #expect(Circuit.after(.unknown, pushes: 1, nil, policy: policy, now: monday) == nil)
    }

    @Test func lastsTwiceAsLongEachTime() throws {
        var circuit = try #require(after([100, 100, 100]))
        var seconds: [Int64] = []
        for _ in 0..<9 {
            let retry = try #require(circuit.retryAt)
            seconds.append((retry.milliseconds - monday.milliseconds) / 1000)
            #expect(circuit.gate(now: retry + .milliseconds(-1)) == .shut)
            #expect(circuit.gate(now: retry) == .probe)
            circuit.state = .halfOpen
            circuit = try #require(Circuit.after(ill, pushes: 1, circuit, policy: policy, now: monday))
            #expect(circuit.openedAt == monday)
        }
        #expect(seconds == [5, 10, 20, 40, 80, 160, 300, 300, 300])
        circuit.state = .halfOpen
        #expect(Circuit.after(.well, pushes: 1, circuit, policy: policy, now: monday) == nil, "one answer closes it")
    }

    @Test func restsAsLongAsAsked() throws {
        let until = monday + .seconds(60)
        let circuit = try #require(Circuit.after(.resting(until: until, failure), pushes: 1, nil, policy: policy, now: monday))
        #expect(circuit.state == .open && circuit.retryAt == until && circuit.openFor == nil && circuit.cause == failure.cause)
    }

    @Test func aProbeThatSaysNothingIsFollowedByAnother() throws {
        var circuit = try #require(after([100, 100, 100]))
        circuit.state = .halfOpen
        let next = try #require(Circuit.after(.unknown, pushes: 1, circuit, policy: policy, now: monday + .seconds(7)))
        #expect(next.state == .open && next.gate(now: monday + .seconds(7)) == .probe)
    }
}

@Suite struct CircuitBoardTests {
    @Test func keepsWhatItIsTold() throws {
        let fixture = try StoreFixture()
        let board = fixture.queue.circuits
        let endpoint = CircuitBoard.Endpoint(tenant: "acme", baseURL: "https://www.example.com")
        var seen: [Circuit?] = []
        for pushes in [100, 100, 100] {
            seen.append(
                try board.change(endpoint) { Circuit.after(ill, pushes: pushes, $0, policy: policy, now: fixture.now) }.new)
            #expect(try board.all().map(\.circuit) == [seen.last ?? nil])
        }
        #expect(seen.map { $0?.state } == [.closed, .closed, .open])
        try board.change(endpoint) { _ in nil }
        #expect(try board.all().isEmpty)
    }

    @Test func oneWorkerAloneProbes() throws {
        let fixture = try StoreFixture()
        let board = fixture.queue.circuits
        let endpoint = CircuitBoard.Endpoint(tenant: "acme", baseURL: "https://www.example.com")
        func take(at seconds: Int64) throws -> Bool {
            let now = monday + .seconds(seconds)
            return try board.takeProbe(endpoint, until: now + .seconds(45), now: now)
        }
        #expect(try !take(at: 9), "no trouble, no probe")
        try board.change(endpoint) { _ in
            Circuit.after(.resting(until: monday + .seconds(10), failure), pushes: 1, nil, policy: policy, now: monday)
        }
        #expect(try !take(at: 9))
        #expect(try take(at: 10))
        #expect(try !take(at: 11))
        #expect(try !take(at: 54))
        #expect(try take(at: 55), "who had it is dead")
    }

    @Test func everyStatementPrepares() throws {
        try StoreFixture().store.read { db in for sql in CircuitSQL.all { _ = try db.makeStatement(sql: sql) } }
    }
}

@Suite struct EndpointReportTests {
    private static func result(_ statuses: [Int]) -> String {
        let list = statuses.map { "{\"idempotency_key\":\"k\",\"status\":\($0),\"outcome\":\"x\",\"error\":\"gatepost_database_busy: x\"}" }
        return "{\"results\":[\(list.joined(separator: ","))]}"
    }

    @Test(
        arguments: [
            ("applied", 200, result([200]), [], 1, "well"), ("one of two", 200, result([422, 500]), [], 2, "well"),
            ("refused by the plugin", 200, result([422]), [], 1, "well"),
            ("a database that is gone", 200, result([503, 500]), [], 2, "ill"),
            ("a page", 200, "<html>", [], 1, "ill"), ("a redirect", 301, "", [], 1, "ill"), ("credentials", 401, "", [], 1, "ill"),
            ("a firewall", 403, "", [], 1, "ill"), ("no plugin", 404, "", [], 1, "ill"), ("server", 500, "", [], 1, "ill"),
            ("gateway", 502, "", [], 1, "ill"), ("too many", 429, "", [], 1, "ill"), ("bad", 400, "", [], 1, "unknown"),
            ("large", 413, "", [], 1, "unknown"), ("schema", 422, "", [], 1, "unknown"), ("conflict", 409, "", [], 1, "unknown"),
            ("maintenance", 503, "", [("retry-after", "9")], 1, "resting"),
            ("asked to wait", 429, "", [("retry-after", "9")], 1, "resting"),
        ] as [(String, Int, String, [(name: String, value: String)], Int, String)])
    func tellsTheEndpointFromItsItems(
        _ what: String, _ status: Int, _ body: String, _ headers: [(name: String, value: String)], _ items: Int, _ expected: String
    ) {
        let judge = Judge(tries: 5, site: "https://www.example.com", now: monday, random: { 0.5 })
        let report = judge.report(on: .success(HTTPResponse(status: status, headers: headers, body: Bytes(body.utf8))), items: items)
        let word =
            switch report {
            case .well: "well"
            case .unknown: "unknown"
            case .ill: "ill"
            case .resting: "resting"
            }
        #expect(word == expected, "\(what)")
    }
}
