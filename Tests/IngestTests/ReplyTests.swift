import Foundation
import Testing

@testable import Common
@testable import IngestFCGI

@Suite struct ReplyTests {
    private static let (new, newer) = (EventID(sequence: 1, entropy: 0), EventID(sequence: 2, entropy: 0))

    @Test(
        arguments: [
            ([.stored(new)], 202, #"{"status":"queued","event_id":"\#(new)"}"#),
            ([.duplicate("a")], 200, #"{"status":"duplicate","event_id":"a"}"#),
            ([.stored(new), .stored(newer)], 202, #"{"status":"queued","event_ids":["\#(new)","\#(newer)"]}"#),
            ([.duplicate("a"), .stored(new)], 202, #"{"status":"queued","event_ids":["a","\#(new)"]}"#),
            ([.duplicate("a"), .duplicate("b")], 200, #"{"status":"duplicate","event_ids":["a","b"]}"#),
            ([], 202, #"{"status":"queued","event_ids":[]}"#),
        ] as [([StoreOutcome], Int, String)])
    func stored(_ outcomes: [StoreOutcome], status: Int, body: String) {
        let reply = Reply.stored(outcomes)
        #expect(reply.status == status && text(reply.body) == body && reply.contentType == "application/json" && reply.fields.isEmpty)
    }

    /// CGI's form (RFC 3875, section 6), to the byte.
    @Test func asCGI() {
        #expect(
            text(Reply.stored([.stored(Self.new)]).bytes(requestID: "request-1")) == """
                Status: 202 Accepted\r
                X-Request-Id: request-1\r
                Content-Type: application/json\r
                Content-Length: 69\r
                Cache-Control: no-store\r
                \r
                {"status":"queued","event_id":"00000000-0000-7000-8800-000000000000"}
                """)
        #expect(
            text(Reply.refused(.method("GET", allowed: "POST")).bytes(requestID: "r")) == """
                Status: 405 Method Not Allowed\r
                X-Request-Id: r\r
                Allow: POST\r
                Content-Type: application/problem+json\r
                Content-Length: 64\r
                Cache-Control: no-store\r
                \r
                {"type":"about:blank","title":"Method Not Allowed","status":405}
                """)
        #expect(text(Reply.refused(.address("192.0.2.1")).bytes(requestID: "r")).hasPrefix("Status: 403 Forbidden\r\n"))
    }
}

@Suite struct RefusalTests {
    private static let all: [(Refusal, Int, String)] = [
        (.headerUnreadable("x"), 400, "header_unreadable"), (.emptyBody, 400, "empty_body"),
        (.bodyIncomplete(expected: 2, got: 1), 400, "body_incomplete"),
        (.badJSON(JSONError(fault: .empty, offset: 0)), 400, "bad_json"), (.tooManyEvents(1001), 400, "too_many_events"),
        (.unknownPath, 404, "unknown_path"),
        (.unknownSource("secret-source"), 404, "unknown_source"), (.unknownTenant("secret-tenant"), 404, "unknown_tenant"),
        (.method("TRACE", allowed: "POST"), 405, "method"), (.bodyTooLarge(limit: 7), 413, "body_too_large"),
        (.mediaType("text/x"), 415, "media_type"),
        (.notVerified(.headerUnreadable(header: "h")), 400, "header_unreadable"),
        (.notVerified(.signatureMissing(place: "h")), 401, "signature_missing"),
        (.notVerified(.timestampMissing(place: "h")), 401, "timestamp_missing"),
        (.notVerified(.timestampOff(milliseconds: 301_000)), 401, "timestamp_off"),
        (.notVerified(.timestampOff(milliseconds: .min + 1)), 401, "timestamp_off"),
        (.notVerified(.signatureWrong), 401, "signature_wrong"),
        (.address("192.0.2.1"), 403, "address"), (.busy, 503, "busy"), (.noSpace(free: 1, floor: 2), 503, "no_space"),
        (.storeFailed("disk I/O error"), 503, "store_failed"),
    ]

    @Test(arguments: all)
    func answers(_ refusal: Refusal, status: Int, reason: String) throws {
        #expect(refusal.status == status && refusal.reason == reason && !refusal.description.isEmpty)
        if status == 401 { #expect(RejectionReasons.all.contains(reason), "rejected list must take it") }
        let reply = Reply.refused(refusal)
        #expect(reply.status == status && reply.contentType == "application/problem+json")
        let problem = try #require(try JSONSerialization.jsonObject(with: Data(reply.body)) as? [String: Any])
        #expect(Set(problem.keys) == ["type", "title", "status"], "a stranger hears the status and nothing of the reason")
        #expect(
            problem["type"] as? String == "about:blank" && problem["status"] as? Int == status
                && problem["title"] as? String != "Status \(status)")
        #expect(reply.fields.contains { $0.name == "Retry-After" } == (status == 503))
        #expect(reply.fields.contains { $0.name == "Allow" } == (status == 405))
    }

    /// Statuses alone tell signature failures apart from nothing: all of them look the same.
    @Test func failedSignaturesLookAlike() {
        let answers = Self.all.filter { $0.1 == 401 }.map { Reply.refused($0.0) }
        #expect(answers.dropFirst().allSatisfy { $0 == answers[0] })
    }

    @Test(arguments: ["a\nb", "\u{1B}[31m", String(repeating: "x", count: 100_000), "é😀", "\"}", "\r\nX: y"])
    func whatAStrangerWroteStaysShortInTheLog(_ text: String) {
        for refusal in [Refusal.unknownSource(text), .unknownTenant(text), .method(text, allowed: "POST"), .mediaType(text)] {
            #expect(refusal.description.utf8.count < 250)
            #expect(refusal.description.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F || refusal.description.contains("…") })
            #expect(!refusal.description.contains("\n") && !refusal.description.contains("\u{1B}"))
        }
    }

    @Test(arguments: [(301_000, "old"), (-301_000, "ahead")] as [(Int64, String)])
    func saysWhichClockIsOff(_ milliseconds: Int64, word: String) {
        let text = Refusal.notVerified(.timestampOff(milliseconds: milliseconds)).description
        #expect(text.contains("301 s \(word)"))
    }
}
