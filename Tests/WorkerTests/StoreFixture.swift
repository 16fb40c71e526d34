import Foundation
import GRDB
import Testing

@testable import Common

/// A store of its own, gone with the value. Events go in as ingest puts them, work comes out as the worker takes it.
final class StoreFixture {
    let store: Store
    let queue: JobQueue
    private let folder: URL
    private let writer: EventWriter
    /// The clock. Tests move it.
    var now = monday
    private var count = 0

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "gatepost-queue-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = try Store(path: folder.appending(path: "gatepost.db").path)
        queue = JobQueue(store: store)
        writer = EventWriter(store: store)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Stores one event and gives its id.
    @discardableResult
    func put(
        lane: String?, type: String = "customer.updated", route: Route = .userSync, tenant: TenantName = "acme",
        source: SourceName = "stripe", bytes: Int = 2, key: String? = nil
    ) throws -> String {
        count += 1
        let reading = EventReading(providerEventID: key ?? "evt_\(count)", eventType: type, occurredAt: now, route: route, lane: lane)
        let event = NewEvent(
            source: source, tenant: tenant, reading: reading, receivedAt: now, sourceIP: nil, userAgent: nil, createdBy: "ingest",
            requestID: "request", traceparent: nil, headers: Bytes("{}".utf8), rawBody: Bytes(repeating: UInt8(ascii: " "), count: bytes),
            nonce: nil)
        let outcome = try writer.commit([[event]], now: now)[0][0]
        return outcome.eventID
    }

    /// Many in one transaction.
    func putAtOnce(_ number: Int, lane: String, route: Route, key: String = "many") throws {
        let events = (0..<number).map { number in
            NewEvent(
                source: "stripe", tenant: "acme",
                reading: EventReading(
                    providerEventID: "\(key)_\(number)", eventType: "customer.updated", occurredAt: now, route: route, lane: lane),
                receivedAt: now, sourceIP: nil, userAgent: nil, createdBy: "ingest", requestID: "request", traceparent: nil,
                headers: Bytes("{}".utf8), rawBody: Bytes("{}".utf8), nonce: nil)
        }
        _ = try writer.commit([events], now: now)
    }

    /// Rows that this store's connection has written so far.
    func changes() throws -> Int { try store.read { $0.totalChangesCount } }

    func put(_ number: Int, lane: String?, type: String = "customer.updated", route: Route = .userSync) throws -> [String] {
        try (0..<number).map { _ in try put(lane: lane, type: type, route: route) }
    }

    /// Leases last 45 s.
    func claim(
        _ lease: String = UUID().uuidString, tenant: TenantName = "acme", items: Int = 100, bytes: Int = 4 << 20
    ) throws -> [ClaimedPush] {
        try queue.claim(tenant: tenant, limits: .init(items: items, bytes: bytes), lease: lease, until: now + .seconds(45), now: now)
    }

    @discardableResult
    func settle(_ pushes: [ClaimedPush], _ verdict: Verdict, lease: String) throws -> Int {
        try queue.settle(pushes.map { ($0, verdict) }, lease: lease, now: now)
    }

    /// Events of the push's lane that are under way.
    func begun(_ push: ClaimedPush) throws -> Int {
        try store.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM lane_job WHERE lane_id = ? AND begun > 0", arguments: [push.lane]) ?? 0
        }
    }

    struct Job: Equatable {
        let status: String
        let attempts: Int
        let due: Int64
        let lease: String?
        let key: String?
        let cause: String?
        let finished: Int64?
    }

    func job(_ event: String) throws -> Job {
        let row = try #require(try row("SELECT * FROM job_execution WHERE event_id = ?", [event]))
        return Job(
            status: row["status"], attempts: row["attempts"], due: (row["due_at"] as Int64) - monday.milliseconds, lease: row["lease"],
            key: row["push_key"], cause: row["cause"], finished: (row["finished_at"] as Int64?).map { $0 - monday.milliseconds })
    }

    func event(_ event: String) throws -> (status: String, attempts: Int, error: String?) {
        let row = try #require(try row("SELECT status, attempts, error FROM webhook_event WHERE id = ?", [event]))
        return (row["status"], row["attempts"], row["error"])
    }

    private func row(_ sql: String, _ arguments: StatementArguments) throws -> Row? {
        try store.read { try Row.fetchOne($0, sql: sql, arguments: arguments) }
    }

    /// `status: events`, as the counts have it and as the table has it.
    func tally(tenant: String = "acme") throws -> [String: Int] {
        func counts(_ sql: String) throws -> [String: Int] {
            try store.read { db in
                Dictionary(
                    uniqueKeysWithValues: try Row.fetchAll(db, sql: sql, arguments: [tenant]).map {
                        ($0["status"] as String, $0["events"] as Int)
                    })
            }
        }
        let kept = try counts(
            "SELECT status, sum(events) AS events FROM event_count WHERE tenant = ? GROUP BY status HAVING sum(events) <> 0")
        let counted = try counts("SELECT status, count(*) AS events FROM webhook_event WHERE tenant = ? GROUP BY status")
        #expect(kept == counted, "event_count against the table")
        return kept
    }
}

/// A file as an older release left it.
final class OldStore {
    let path: String
    let old: DatabaseQueue

    init(migratedTo migration: String) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "gatepost-old-\(UUID().uuidString).db").path
        old = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(old, upTo: migration)
    }

    deinit { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
}

/// Chance that comes again with its seed (SplitMix64).
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
}

extension ClaimedPush {
    var ids: [String] { events.map(\.id) }
}

let failure = PushFailure(cause: "http_500", text: "status 500", httpStatus: 500)
