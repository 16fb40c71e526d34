import GRDB
import Testing

@testable import Common
@testable import IngestFCGI

/// What ingest keeps of refused requests.
@Suite struct RejectionsTests {
    private let scratch: Scratch
    private let store: Store
    private let desk: Desk

    init() throws { (scratch, store, desk) = try Self.bench() }

    private static func bench(_ limits: Settings.Rejected = .init(), floor: Int = 0) throws -> (Scratch, Store, Desk) {
        let scratch = try Scratch()
        let store = try Store(path: "\(scratch.path)/store.db", busyTimeout: .milliseconds(5))
        let desk = Desk(
            live: LiveGateway(fixed: try Gateway.sample(), store), store: store, writer: EventWriter(store: store), freeSpaceFloor: floor,
            rejected: limits)
        return (scratch, store, desk)
    }

    private func judge(_ body: String, secret: String?, at now: Timestamp = noon, address: String = "192.0.2.1", by desk: Desk? = nil)
        throws -> Judgement
    {
        let desk = desk ?? self.desk
        let request = SignedRequest(method: "POST", url: "", headers: HeaderFields(), body: Bytes(body.utf8))
        let signed = try secret.flatMap {
            try Catalogue.provider(for: source("stripe"))!.schemes[0].sign(request, with: Bytes($0.utf8), now: now)
        }
        let fields = (signed ?? []).map { ("HTTP_" + $0.name.uppercased().replacing("-", with: "_"), $0.value) }
        let head = RequestHead.post("/api/webhooks/stripe/acme", length: body.utf8.count, fields + [("REMOTE_ADDR", address)])
        guard case .read(let source, let tenant) = desk.admit(head) else { throw Refusal.busy }
        return desk.judge(head, source, tenant, body: Bytes(body.utf8), now: noon)
    }

    private func count(_ sql: String) throws -> Int? { try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(sql)") } }

    @Test(
        arguments: [
            ("wrong secret", "{}", "whsec_none", 0, "signature_wrong"), ("another tenant's", "{}", "whsec_other", 0, "signature_wrong"),
            ("unsigned", "{}", nil, 0, "signature_missing"), ("old", "{}", "whsec_new", -301, "timestamp_off"),
            ("ahead", "{}", "whsec_new", 301, "timestamp_off"), ("verified, bad JSON", "{", "whsec_new", 0, nil),
            ("verified", #"{"id":"evt_1"}"#, "whsec_new", 0, nil),
        ] as [(String, String, String?, Int64, String?)])
    func keepsWhatOtherSecretsMightVerify(_ name: String, body: String, secret: String?, offset: Int64, reason: String?) throws {
        let judged = try judge(body, secret: secret, at: noon + .seconds(offset))
        #expect(judged.rejection?.reason == reason, "\(name)")
        #expect(judged.rejection?.tenant == (reason == nil ? nil : tenant("acme")))
    }

    @Test func storesBesideHonestOnes() throws {
        let forged = try #require(try judge("{}", secret: "whsec_none").rejection)
        guard case .success(.store(let events, _)) = try judge(#"{"id":"evt_1"}"#, secret: "whsec_new").result else {
            Issue.record("not verified")
            return
        }
        let (posts, kept) = desk.commit([events], rejections: [forged], now: noon)
        #expect(try posts[0].get().count == 1 && kept.count == 1 && kept[0] != nil)
        #expect(try count("webhook_event WHERE signature_valid = 1") == 1 && count("rejection") == 1)
    }

    /// Neither a lock nor a full disk nor the schema's no changes an answer; what is not kept is told with the next that is.
    @Test func dropsAndCounts() throws {
        let forged = try #require(try judge("{}", secret: "whsec_none").rejection)
        let other = try Store(path: store.path)
        #expect(try other.write { _ in desk.commit([], rejections: [forged], now: noon).rejections } == [nil])
        try store.write { try $0.execute(sql: "CREATE TRIGGER stop BEFORE INSERT ON rejection BEGIN SELECT RAISE(ABORT, 'no'); END") }
        #expect(desk.commit([], rejections: [forged], now: noon).rejections == [nil])
        #expect(try count("webhook_event") == 0)
        try store.write { try $0.execute(sql: "DROP TRIGGER stop") }
        let next = try #require(try judge("{}", secret: "whsec_none").rejection)
        #expect(next.missed == 2)
        #expect(desk.commit([], rejections: [next], now: noon).rejections[0] != nil)
        #expect(try judge("{}", secret: "whsec_none").rejection?.missed == 0)
    }

    @Test func underTheFloorNothingIsKept() throws {
        let (scratch, store, desk) = try Self.bench(floor: .max)
        defer { withExtendedLifetime(scratch) {} }
        let forged = try #require(try judge("{}", secret: "whsec_none", by: desk).rejection)
        #expect(desk.commit([], rejections: [forged], now: noon).rejections == [nil])
        #expect(try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM rejection") } == 0)
    }

    @Test func aLockedStoreRefusesHonestOnesOnce() throws {
        let forged = try #require(try judge("{}", secret: "whsec_none").rejection)
        guard case .success(.store(let events, _)) = try judge(#"{"id":"evt_1"}"#, secret: "whsec_new").result else { return }
        let other = try Store(path: store.path)
        let (posts, kept) = try other.write { _ in desk.commit([events], rejections: [forged], now: noon) }
        guard case .failure(let refusal) = posts[0] else {
            Issue.record("stored in a locked store")
            return
        }
        #expect(refusal.status == 503 && kept == [nil])
    }

    /// A poisonous event is tried by itself, and the others go in; the rejected one gives way.
    @Test func aPoisonousEventHarmsNoOther() throws {
        let forged = try #require(try judge("{}", secret: "whsec_none").rejection)
        guard case .success(.store(let good, _)) = try judge(#"{"id":"evt_1"}"#, secret: "whsec_new").result else { return }
        let bad = NewEvent(
            source: source("stripe"), tenant: tenant("acme"),
            reading: EventReading(providerEventID: "2", eventType: "x", occurredAt: nil, route: .keep, lane: nil), receivedAt: noon,
            sourceIP: nil, userAgent: nil, createdBy: "tests", requestID: "r", traceparent: nil, headers: Bytes("{}".utf8),
            rawBody: [], nonce: [1])
        let (posts, kept) = desk.commit([good, [bad]], rejections: [forged], now: noon)
        #expect((try? posts[0].get())?.count == 1 && (try? posts[1].get()) == nil && kept == [nil])
    }

    @Test func aFloodCostsNoRowBeyondTheBound() throws {
        for number in 0..<5000 {
            let judged = try judge("{}", secret: number < 2500 ? nil : "whsec_none", address: "198.51.100.\(number % 200)")
            if let rejection = judged.rejection { _ = desk.commit([], rejections: [rejection], now: noon) }
        }
        #expect(try count("rejection") == 30)
    }

    @Test func keepNoneKeepsNone() throws {
        var limits = Settings.Rejected()
        limits.keep = 0
        let (_, _, desk) = try Self.bench(limits)
        #expect(try judge("{}", secret: nil, by: desk).rejection == nil)
    }

    // MARK: Handshakes

    /// What ingest answers as a signed handshake is none of the events that a second judgement would take in, and the other way round.
    @Test(arguments: Catalogue.providers.filter { !$0.handshakes.isEmpty }.map(\.source))
    func knowsHandshakesAsIngestDoes(_ name: SourceName) throws {
        var provider = Catalogue.provider(for: name)!
        provider.contentTypes = ["application/json": .json]
        let source = Gateway.Source(
            provider: provider, bodyLimit: 1000, routes: [], allowed: [], verifier: try Verifier(provider, secrets: []), braintree: [])
        let gateway = try Gateway.sample()
        let bodies = [
            "{}", #"{"type":"url_verification","challenge":"c"}"#, #"{"challenge":"c"}"#, #"{"type":1}"#, #"{"type":0}"#,
            #"{"type":1,"id":"1","token":"t","version":1}"#, #"{"event":"endpoint.url_validation","payload":{"plainToken":"p"}}"#,
            #"{"event":"endpoint.url_validation"}"#, #"{"type":"ping","event_type":"ping"}"#, #"{"verification_token":"t"}"#,
            #"{"type":"webhook_verification","challenge":"c"}"#, #"{"command":"webhook_challenge","challenge":"c"}"#,
        ]
        for body in bodies {
            let document = try JSONDocument(Bytes(body.utf8))
            let answered = gateway.answerSigned(document, source, key: .hmac(try HMACKey([1]))) != nil
            #expect(provider.isHandshake(document) == answered, "\(body)")
        }
    }
}
