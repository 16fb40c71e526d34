import GRDB
import Testing

@testable import Common
@testable import IngestFCGI

@Suite struct DeskTests {
    private struct Bench {
        let scratch: Scratch
        let desk: Desk

        init(freeSpaceFloor: Int = 0) throws {
            scratch = try Scratch()
            let store = try Store(path: "\(scratch.path)/store.db", busyTimeout: .milliseconds(5))
            desk = Desk(
                live: LiveGateway(fixed: try Gateway.sample(), store), store: store, writer: EventWriter(store: store),
                freeSpaceFloor: freeSpaceFloor)
        }

        func count(_ table: String) throws -> Int? { try desk.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") } }
    }

    private func event(_ id: String, nonce: Bytes? = nil) -> NewEvent {
        NewEvent(
            source: source("stripe"), tenant: tenant("acme"),
            reading: EventReading(providerEventID: id, eventType: "customer.updated", occurredAt: nil, route: .userSync, lane: nil),
            receivedAt: noon, sourceIP: nil, userAgent: nil, createdBy: "tests", requestID: "r", traceparent: nil,
            headers: Bytes("{}".utf8),
            rawBody: Bytes("{}".utf8), nonce: nonce)
    }

    private func refusal(_ result: Result<[StoreOutcome], Refusal>) -> Refusal? {
        if case .failure(let refusal) = result { refusal } else { nil }
    }

    @Test func commitsEachPostsEvents() throws {
        let bench = try Bench()
        let results = bench.desk.commit([[event("1"), event("2")], [], [event("1")]], now: noon)
        let outcomes = try results.map { try $0.get() }
        #expect(outcomes.map(\.count) == [2, 0, 1])
        #expect(outcomes[2] == [.duplicate(outcomes[0][0].eventID)])
        #expect(bench.desk.commit([], now: noon).isEmpty)
        #expect(try bench.count("webhook_event") == 2)
    }

    /// A nonce that is no digest breaks the schema's CHECK.
    @Test func onePoisonousPostHarmsNoOther() throws {
        let bench = try Bench()
        let posts = [[event("1")], [event("2"), event("3", nonce: [1])], [event("4")], [event("1")]]
        let results = bench.desk.commit(posts, now: noon)
        #expect(results.map { refusal($0)?.reason } == [nil, "store_failed", nil, nil])
        #expect(refusal(results[1])?.status == 503)
        #expect(try bench.count("webhook_event") == 2, "1 and 4; of the bad post nothing, not even its good half")
        #expect(try results[3].get() == [.duplicate(try results[0].get()[0].eventID)])
        #expect(bench.desk.commit([[event("5", nonce: [1])]], now: noon).map { refusal($0)?.reason } == ["store_failed"])
    }

    @Test func underTheFloorNothingIsStored() throws {
        let bench = try Bench(freeSpaceFloor: .max)
        let results = bench.desk.commit([[event("1")], [event("2")]], now: noon)
        #expect(results.map { refusal($0)?.reason } == ["no_space", "no_space"])
        #expect(try bench.count("webhook_event") == 0)
        #expect(bench.desk.commit([], now: noon).isEmpty)
    }

    @Test func aLockedStoreIsNotTriedPostByPost() throws {
        let bench = try Bench()
        let other = try Store(path: bench.desk.store.path)
        let results = try other.write { _ in bench.desk.commit((0..<50).map { [event("\($0)")] }, now: noon) }
        #expect(results.count == 50 && results.allSatisfy { refusal($0)?.status == 503 })
        #expect(try bench.count("webhook_event") == 0)
        #expect(try bench.desk.commit([[event("1")]], now: noon)[0].get().count == 1, "and goes on afterwards")
    }

    // MARK: Health

    @Test(arguments: [("GET", 0, 200), ("HEAD", 0, 200), ("POST", 0, 405), ("GET", Int.max, 503)])
    func health(_ method: String, floor: Int, status: Int) throws {
        let bench = try Bench(freeSpaceFloor: floor)
        guard case .reply(let result) = bench.desk.admit(RequestHead([("REQUEST_METHOD", method), ("REQUEST_URI", "/healthz")])) else {
            Issue.record("no reply")
            return
        }
        switch result {
        case .success(let reply): #expect(reply.status == status)
        case .failure(let refusal): #expect(refusal.status == status)
        }
    }

    @Test func unhealthyWhileNothingCanBeStored() throws {
        let bench = try Bench()
        let other = try Store(path: bench.desk.store.path)
        let entry = try other.write { _ in bench.desk.admit(RequestHead([("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/healthz")])) }
        guard case .reply(.failure(let refusal)) = entry else {
            Issue.record("healthy")
            return
        }
        #expect(refusal.status == 503)
    }

    // MARK: Bodies

    @Test(arguments: [(2, 2, true), (2, 1, false), (2, 0, false), (3, 2, false)])
    func comparesTheBodyWithItsLength(_ declared: Int, got: Int, isWhole: Bool) throws {
        let desk = try Bench().desk
        let head = RequestHead.post("/api/webhooks/stripe", length: declared)
        guard case .read(let source, let tenant) = desk.admit(head) else {
            Issue.record("not admitted")
            return
        }
        let result = desk.decide(head, source, tenant, body: Bytes("{}".utf8.prefix(got)), now: noon)
        guard case .failure(let refusal) = result else {
            Issue.record("unsigned and taken")
            return
        }
        #expect(
            refusal
                == (isWhole ? .notVerified(.signatureMissing(place: "stripe-signature")) : .bodyIncomplete(expected: declared, got: got)))
    }
}
