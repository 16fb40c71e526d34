import GRDB
import Synchronization
import Testing

@testable import Common
@testable import IngestFCGI

/// The desk while an operator waits for Asana's secret.
@Suite struct SecretHandshakeTests {
    private let scratch: Scratch
    private let store: Store
    private let desk: Desk
    private let now = WallClock.system.now()

    init() throws {
        scratch = try Scratch()
        store = try Store(path: "\(scratch.path)/store.db")
        let live = try LiveGateway(Settings(), LearnedSecrets(store: store), now: Timestamp(milliseconds: 0))
        desk = Desk(live: live, store: store, writer: EventWriter(store: store), freeSpaceFloor: 0)
    }

    private func hand(_ secret: String, tenant: String = "acme") -> Result<Reply, Refusal> {
        let head = RequestHead.post("/api/webhooks/asana/\(tenant)", length: nil, type: nil, [("HTTP_X_HOOK_SECRET", secret)])
        switch desk.admit(head) {
        case .reply(let result): return result
        case .read: return .failure(.emptyBody)
        }
    }

    private func open(_ tenants: String...) throws {
        for name in tenants {
            #expect(
                try LearnedSecrets(store: store).open(source("asana"), tenant(name), until: now + .seconds(900), now: now))
        }
    }

    @Test func nobodyIsBelievedWhileNobodyWaits() throws {
        #expect(throws: Refusal.unknownSource("asana")) { try hand("b537207f20cbfa02").get() }
    }

    @Test func theWindowsTenantAlone() throws {
        try open("acme")
        #expect(throws: Refusal.unknownTenant("other")) { try hand("b537207f20cbfa02", tenant: "other").get() }
        #expect(try hand("b537207f20cbfa02").get() == Reply(status: 200, fields: [("x-hook-secret", "b537207f20cbfa02")]))
        #expect(throws: Refusal.secretUnasked(source: source("asana"))) { try hand("another-secret").get() }
    }

    @Test func ofManyAtOnceOneIsBelieved() async throws {
        try open("acme")
        let results = await withTaskGroup(of: String?.self) { group in
            for number in 0..<16 {
                group.addTask { if case .success = hand("secret-number-\(number)") { "secret-number-\(number)" } else { nil } }
            }
            return await group.reduce(into: []) { $0 += $1.map { [$0] } ?? [] }
        }
        #expect(results.count == 1)
        let kept = try LearnedSecrets(store: store).load(now: now).secrets.map(\.secret.exposed)
        #expect(kept == results, "and it is the one that was echoed")
        #expect(desk.live.learned.secrets.map(\.secret.exposed) == kept)
    }

    @Test func withoutRoomNothingIsEchoed() throws {
        try open("acme")
        let live = try LiveGateway(Settings(), LearnedSecrets(store: store), now: now)
        let full = Desk(live: live, store: store, writer: EventWriter(store: store), freeSpaceFloor: .max)
        let head = RequestHead.post("/api/webhooks/asana/acme", length: 0, [("HTTP_X_HOOK_SECRET", "b537207f20cbfa02")])
        guard case .reply(.failure(let refusal)) = full.admit(head) else {
            Issue.record("echoed")
            return
        }
        #expect(refusal.status == 503)
        #expect(try LearnedSecrets(store: store).load(now: now).windows.count == 1, "the window is open still")
    }
}
