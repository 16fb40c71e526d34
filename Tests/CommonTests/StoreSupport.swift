import GRDB
import Testing

@testable import Common

extension Store {
    /// The first column of every row as text.
    func texts(_ sql: String) throws -> [String] { try read { try String.fetchAll($0, sql: sql) } }

    func number(_ sql: String) throws -> Int64? { try read { try Int64.fetchOne($0, sql: sql) } }

    func run(_ sql: String) throws { try write { try $0.execute(sql: sql) } }
}

/// A store in a directory of its own.
struct ScratchStore {
    let scratch: Scratch
    let store: Store
    let writer: EventWriter

    init() throws {
        scratch = try Scratch()
        store = try Store(path: scratch.file("store.db"))
        writer = EventWriter(store: store)
    }

    func put(_ events: NewEvent..., at now: Int64 = 1000) throws -> [StoreOutcome] {
        try writer.commit([events], now: Timestamp(milliseconds: now))[0]
    }
}

extension NewEvent {
    /// A Stripe event of tenant `acme` unless said otherwise.
    static func sample(
        _ id: String, source: SourceName = "stripe", tenant: TenantName = "acme", type: String = "customer.updated",
        route: Route = .userSync,
        lane: String? = "stripe:cus_1", body: Bytes = Bytes("{}".utf8), nonce: Bytes? = nil, receivedAt: Int64 = 1000,
        secret: String? = nil, traceparent: String? = nil
    ) -> NewEvent {
        NewEvent(
            source: source, tenant: tenant,
            reading: EventReading(providerEventID: id, eventType: type, occurredAt: Timestamp(milliseconds: 900), route: route, lane: lane),
            receivedAt: Timestamp(milliseconds: receivedAt), sourceIP: "192.0.2.1", userAgent: "Test/1", createdBy: "ingest",
            requestID: "request-1",
            traceparent: traceparent, headers: Bytes(#"{"a":"b"}"#.utf8), rawBody: body, nonce: nonce, secret: secret)
    }
}
