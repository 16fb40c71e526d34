import Foundation
import Testing

@testable import AdminFCGI
@testable import Common

/// A search that finds nothing in its first look.
@Suite struct EventsTurnTests {
    private let noon = Timestamp(milliseconds: 1_764_000_000_000)

    private func store(_ path: String, events: Int) throws -> (Store, [String]) {
        let store = try Store(path: path + "/gatepost.db")
        let provider = try #require(Catalogue.provider(for: SourceName("stripe")!))
        let ids = try (0..<events).map { number -> String in
            let object = #"{"id":"in_\#(number)","n":"no-\#(number)-"}"#
            let body = Bytes(#"{"id":"evt_\#(number)","type":"invoice.paid","data":{"object":\#(object)}}"#.utf8)
            let reading = provider.read(try JSONDocument(body).root, headers: HeaderFields())
            let event = NewEvent(
                source: provider.source, tenant: TenantName("shop")!, reading: reading, receivedAt: noon, sourceIP: nil, userAgent: nil,
                createdBy: "ingest", requestID: "r", traceparent: nil, headers: HeaderFields().json(), rawBody: body, nonce: nil)
            return try EventWriter(store: store).commit([[event]], now: noon)[0][0].eventID
        }
        return (store, ids)
    }

    @Test func looksOnWhileThereIsTime() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gatepost-turn-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (store, ids) = try store(folder, events: 10)
        var filter = EventFilter()
        filter.text = "no-0-"
        func turn(_ looks: Int, _ query: PageFields = PageFields()) throws -> EventsTurn {
            var left = looks
            return try EventsTurn(filter, query, EventQueries(store: store), mostLookedAt: 3) {
                left -= 1
                return left >= 0
            }
        }
        #expect(try turn(0).events.isEmpty && turn(0).stoppedAt == EventID(ids[7]))
        #expect(try turn(1).events.isEmpty && turn(1).stoppedAt == EventID(ids[4]) && turn(1).older == ids[4])
        #expect(try turn(9).events.map(\.id) == [ids[0]] && turn(9).stoppedAt == nil)
        #expect(try turn(0, PageFields([("before", ids[2])])).events.map(\.id) == [ids[0]])
        filter.text = "no-9-"
        #expect(try turn(9, PageFields([("after", ids[0])])).events.map(\.id) == [ids[9]])
    }
}
