import Common
import Foundation
import Testing

@testable import IngestFCGI

@Suite struct EventLogTests {
    /// As a program reads it that takes the journal's lines one by one.
    private func fields(_ line: Substring) throws -> [String: String] {
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        return object.mapValues { "\($0)" }
    }

    private func event(
        _ gateway: Gateway, type: String, id: String, tenant tenantName: String = "acme", source sourceName: String = "github"
    ) throws -> NewEvent {
        let body = Bytes(#"{"id":"\#(id)","type":"\#(type)"}"#.utf8)
        let source = try #require(gateway.sources[source(sourceName)])
        let arrival = Arrival(
            request: SignedRequest(
                method: "POST", url: "", headers: HeaderFields([("x-github-event", type), ("x-github-delivery", id)]), body: body),
            mediaType: "application/json", receivedAt: noon, sourceIP: nil, requestID: "0123456789abcdef0123456789abcdef",
            createdBy: "ingest")
        let document = try JSONDocument(body)
        return source.admission.event(document.root, of: arrival, tenant: tenant(tenantName))
    }

    @Test func writesALineForEachEvent() throws {
        let gateway = try Gateway.sample()
        var log = EventLog()
        log.begin(at: noon)
        let first = EventID(sequence: 1, entropy: 0)
        log.add(.stored(first), of: try event(gateway, type: #"a\"b\\c"#, id: "1"), took: 0)
        log.add(.duplicate("second"), of: try event(gateway, type: "push", id: "2"), took: 1234)
        let lines = String(decoding: log.text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 3 && lines[2].isEmpty)
        #expect(
            try fields(lines[0]) == [
                "ts": noon.description, "level": "info", "msg": "event", "event_id": "\(first)", "tenant": "acme", "source": "github",
                "event_type": #"a\"b\\c"#, "outcome": "kept", "latency_ms": "0", "request_id": "0123456789abcdef0123456789abcdef",
                "trace_id": "0123456789abcdef0123456789abcdef",
            ])
        let second = try fields(lines[1])
        #expect(second["outcome"] == "duplicate" && second["latency_ms"] == "1234" && second["event_id"] == "second")
    }

    /// A line takes over from the one before what is the same, to the byte, and nothing else.
    @Test func linesOfManyKinds() throws {
        let gateway = try Gateway.sample()
        var log = EventLog()
        log.begin(at: noon)
        let new = EventID(sequence: 1, entropy: 0)
        let types: [(String, StoreOutcome)] = [
            ("a", .stored(new)), ("a", .stored(new)), ("a", .duplicate("x")), ("b", .duplicate("y")), ("gr\u{FC}n", .stored(new)),
            ("gru\u{308}n", .stored(new)),
        ]
        for (place, (type, outcome)) in types.enumerated() { log.add(outcome, of: try event(gateway, type: type, id: "\(place)"), took: 0) }
        let lines = try String(decoding: log.text, as: UTF8.self).split(separator: "\n").map(fields)
        #expect(lines.map { Array(($0["event_type"] ?? "").utf8) } == types.map { Array($0.0.utf8) })
        #expect(lines.map { $0["outcome"] } == ["kept", "kept", "duplicate", "duplicate", "kept", "kept"])
        #expect(lines.map { $0["event_id"] } == types.map { $0.1.eventID })
    }

    /// The next round's lines take over from the last one's, and these are not written again.
    @Test func linesOfManySenders() throws {
        let gateway = try Gateway.sample()
        var log = EventLog()
        let senders = [("acme", "github"), ("acme", "github"), ("other", "github"), ("other", "stripe"), ("other", "stripe")]
        for (place, (tenant, source)) in senders.enumerated() {
            let now = noon + .seconds(place)
            log.clear()
            log.begin(at: now)
            log.add(.duplicate("x"), of: try event(gateway, type: "push", id: "1", tenant: tenant, source: source), took: 0)
            let line = try fields(Substring(String(decoding: log.text, as: UTF8.self)))
            #expect(line["ts"] == now.description && line["tenant"] == tenant && line["source"] == source, "\(line)")
            #expect(line["event_type"] == "push" && line["outcome"] == "duplicate", "\(line)")
        }
    }
}
