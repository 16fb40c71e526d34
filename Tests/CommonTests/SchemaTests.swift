import GRDB
import Testing

@testable import Common

/// The schema defends itself, whatever the program above it does.
@Suite struct SchemaTests {
    private static let columns = """
        (seq, id, source, tenant, event_type, received_at, status, signature_valid, idempotency_key, route, created_by, request_id, headers, raw_body)
        """

    @Test(arguments: [
        ("a good one", "2, 'i', 's', 't', 'e', 1, 'queued', 1, 'other', 'keep', 'c', 'r', '{}', x''", true),
        ("rejected ones claim no key", "2, 'i', 's', 't', 'e', 1, 'received', 0, NULL, 'keep', 'c', 'r', '{}', x''", true),
        ("and may not", "2, 'i', 's', 't', 'e', 1, 'received', 0, 'other', 'keep', 'c', 'r', '{}', x''", false),
        ("a good one has a key", "2, 'i', 's', 't', 'e', 1, 'queued', 1, NULL, 'keep', 'c', 'r', '{}', x''", false),
        ("the key is taken", "2, 'i', 's', 't', 'e', 1, 'queued', 1, 'taken', 'keep', 'c', 'r', '{}', x''", false),
        ("the number is taken", "1, 'i', 's', 't', 'e', 1, 'queued', 1, 'other', 'keep', 'c', 'r', '{}', x''", false),
        ("status", "2, 'i', 's', 't', 'e', 1, 'lost', 1, 'other', 'keep', 'c', 'r', '{}', x''", false),
        ("route", "2, 'i', 's', 't', 'e', 1, 'queued', 1, 'other', 'away', 'c', 'r', '{}', x''", false),
        ("truth", "2, 'i', 's', 't', 'e', 1, 'queued', 2, 'other', 'keep', 'c', 'r', '{}', x''", false),
        ("a time that is text", "2, 'i', 's', 't', 'e', 'now', 'queued', 1, 'other', 'keep', 'c', 'r', '{}', x''", false),
        ("a body that is text", "2, 'i', 's', 't', 'e', 1, 'queued', 1, 'other', 'keep', 'c', 'r', '{}', 'x'", false),
        ("no body", "2, 'i', 's', 't', 'e', 1, 'queued', 1, 'other', 'keep', 'c', 'r', '{}', NULL", false),
    ])
    func events(_ name: String, values: String, isTaken: Bool) throws {
        let store = try ScratchStore().store
        try store.run(
            "INSERT INTO webhook_event \(Self.columns) VALUES (1, 'i', 's', 't', 'e', 1, 'queued', 1, 'taken', 'keep', 'c', 'r', '{}', x'')"
        )
        let taken = (try? store.run("INSERT INTO webhook_event \(Self.columns) VALUES (\(values))")) != nil
        #expect(taken == isTaken, "\(name)")
    }

    @Test(arguments: [
        ("waiting", "status = 'waiting', lease = NULL, finished_at = NULL", true), ("leased", "status = 'leased', lease = 'l'", true),
        ("leased by nobody", "status = 'leased'", false), ("waiting with a lease", "lease = 'l'", false),
        ("done", "status = 'done', finished_at = 1", true),
        ("done at no time", "status = 'done'", false), ("waiting but finished", "finished_at = 1", false),
        ("dead", "status = 'dead', finished_at = 1", true),
        ("dead with a lease", "status = 'dead', finished_at = 1, lease = 'l'", false), ("kept is no task", "task_name = 'keep'", false),
        ("below no try", "attempts = -1", false), ("of no event", "event_seq = 7", false),
    ])
    func jobs(_ name: String, change: String, isTaken: Bool) throws {
        let scratch = try ScratchStore()
        _ = try scratch.put(.sample("evt_1"))
        let taken = (try? scratch.store.run("UPDATE job_execution SET \(change)")) != nil
        #expect(taken == isTaken, "\(name)")
    }

    @Test(arguments: [
        ("still rejected", "outcome = NULL", true), ("admitted", "outcome = 'admitted', settled_at = 1, event_ids = 'i'", true),
        ("a duplicate", "outcome = 'duplicate', settled_at = 1, event_ids = ''", true),
        ("admitted at no time", "outcome = 'admitted', event_ids = 'i'", false),
        ("admitted as nothing", "outcome = 'admitted', settled_at = 1", false), ("settled by nothing", "settled_at = 1", false),
        ("lost", "outcome = 'lost', settled_at = 1, event_ids = 'i'", false), ("of no event", "event_seq = 7", false),
    ])
    func rejections(_ name: String, change: String, isTaken: Bool) throws {
        let store = try ScratchStore().store
        try store.run(
            "INSERT INTO webhook_event \(Self.columns) VALUES (1, 'i', 's', 't', 'e', 1, 'discarded', 0, NULL, 'keep', 'c', 'r', '{}', x'')"
        )
        try store.run(
            "INSERT INTO rejection (event_seq, source, minute, bytes, reason, explanation, method, url, head) VALUES (1, 's', 0, 1, 'r', 'e', 'POST', 'u', x'')"
        )
        let taken = (try? store.run("UPDATE rejection SET \(change)")) != nil
        #expect(taken == isTaken, "\(name)")
        try store.run("DELETE FROM webhook_event")
        #expect(try store.number("SELECT count(*) FROM rejection") == 0, "it goes with its event")
    }

    @Test func anEventTakesItsJobAndNonceWithIt() throws {
        let scratch = try ScratchStore()
        _ = try scratch.put(.sample("evt_1", nonce: Crypto.sha256([1])))
        try scratch.store.run("DELETE FROM webhook_event")
        #expect(try scratch.store.number("SELECT (SELECT count(*) FROM job_execution) + (SELECT count(*) FROM nonce)") == 0)
    }
}
