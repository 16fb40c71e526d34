import Foundation
import Testing
import Transport

@testable import Common
@testable import CronWorker

@Suite struct PushRequestTests {
    private static let address = "https://www.example.com/shop"

    private func wordpress(
        user: String? = nil, appPassword: String? = nil, token: String? = nil, sharedSecret: String? = nil
    ) -> Settings.WordPress {
        Settings.WordPress(
            baseURL: Self.address, user: user, appPassword: appPassword.map { Secret($0) }, token: token.map { Secret($0) },
            sharedSecret: sharedSecret.map { Secret($0) })
    }

    private func items(_ count: Int = 1) -> [PushItem] {
        (0..<count).map { PushItem(.of([#"{"data":{"object":{"id":"cus_1"}}}"#], key: "key-\($0 + 1)"))! }
    }

    private func values(_ name: String, _ request: HTTPRequest) -> [String] { request.headers.filter { $0.name == name }.map(\.value) }

    @Test func goesToTheBatchRouteAsOnePost() throws {
        let request = try wordpress().batchRequest(items(2), requestID: "0a1b", now: monday)
        #expect(request.method == "POST")
        #expect(request.url == "https://www.example.com/shop/wp-json/ai-guy/v1/batch")
        #expect(values("Content-Type", request) == ["application/json"])
        #expect(values("Accept", request) == ["application/json"])
        #expect(values("X-Request-Id", request) == ["0a1b"])
        let payload = text(items()[0].payload)
        #expect(
            text(request.body) == """
                {"items":[{"route":"user-sync","idempotency_key":"key-1","payload":\(payload)},\
                {"route":"user-sync","idempotency_key":"key-2","payload":\(payload)}]}
                """)
    }

    @Test func theSignatureIsOverExactlyWhatIsSent() throws {
        let request = try wordpress(sharedSecret: "shared").batchRequest(items(3), requestID: "id", now: monday)
        let code = try HMACKey(Bytes("shared".utf8)).code(over: request.body)
        #expect(values("X-Signature", request) == [text(Hex.encode(code))])
        let other = try wordpress(sharedSecret: "shared").batchRequest(items(2), requestID: "id", now: monday)
        #expect(values("X-Signature", other) != values("X-Signature", request))
        #expect(values("X-Signature", try wordpress().batchRequest(items(), requestID: "id", now: monday)).isEmpty)
    }

    @Test func authorises() throws {
        let cases: [(what: String, wordpress: Settings.WordPress, header: [String])] = [
            ("application password", wordpress(user: "gatepost", appPassword: "abcd EFGH"), ["Basic Z2F0ZXBvc3Q6YWJjZCBFRkdI"]),
            ("not ASCII", wordpress(user: "jürgen", appPassword: "ä"), ["Basic asO8cmdlbjrDpA=="]),
            ("token", wordpress(token: "t0ken"), ["Bearer t0ken"]),
            ("both: the password", wordpress(user: "u", appPassword: "p", token: "t"), ["Basic dTpw"]),
            ("a user without a password", wordpress(user: "u", token: "t"), ["Bearer t"]),
            ("a password without a user", wordpress(appPassword: "p"), []),
            ("shared secret alone", wordpress(sharedSecret: "s"), []),
            ("nothing", wordpress(), []),
        ]
        for (what, wordpress, header) in cases {
            #expect(values("Authorization", try wordpress.batchRequest(items(), requestID: "id", now: monday)) == header, "\(what)")
        }
    }

    @Test func theKeyOfARequestIsItsItems() throws {
        func key(_ items: [PushItem]) throws -> [String] {
            values("Idempotency-Key", try wordpress().batchRequest(items, requestID: "id", now: monday))
        }
        #expect(try key(items(1)) == ["key-1"])
        #expect(try key(items(2)) == [Coalescing.key(of: ["key-1", "key-2"])])
        #expect(try key(items(2)) == key(items(2)))
        #expect(try key(items(3)) != key(items(2)))
    }

    /// Ours is the span that WordPress's work hangs on; whether it is recorded is the sender's word where we do not trace.
    @Test(arguments: [(true, "01"), (false, "00")])
    func handsOnTheTraceOfItsFirstEvent(isSampled: Bool, flags: String) throws {
        let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-\(flags)"
        let item = PushItem(.of(["{}", "{}"], traceparents: [trace, nil]))!
        let request = try wordpress().batchRequest([item], requestID: "0188c0de-0000-4000-8000-000000000001", now: monday)
        #expect(values("traceparent", request) == ["00-0af7651916cd43dd8448eb211c80319c-0188c0de00004000-\(flags)"])
    }

    @Test func handsOnWhatTheSenderKeepsOfHisTrace() throws {
        let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        func state(_ traceparents: [String?], _ headers: [(String, String)]...) throws -> [String] {
            let bodies = headers.map { _ in "{}" }
            let item = PushItem(.of(bodies, traceparents: traceparents, headers: headers.map { HeaderFields($0) }))!
            return values(
                "tracestate", try wordpress().batchRequest([item], requestID: "0188c0de-0000-4000-8000-000000000001", now: monday))
        }
        #expect(try state([trace], [("tracestate", "a=1"), ("tracestate", "b=2")]) == ["a=1,b=2"])
        #expect(try state([trace, trace], [], [("tracestate", "a=1")]).isEmpty, "of the first event alone, whose trace it is")
        #expect(try state([nil], [("tracestate", "a=1")]).isEmpty, "of no trace")
        #expect(try state([trace], [("tracestate", "a=1\r\nX-Evil: 1")]).isEmpty)
    }

    @Test func headersWaitForAnAnswerOnlyWhereATraceGoesOn() {
        let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        let headers = HeaderFields([("content-type", "application/json"), ("tracestate", "a=1")])
        let item = PushItem(.of(["{}", "{}"], traceparents: [trace, nil], headers: [headers, headers]))!
        #expect(item.push.events.map(\.headers.count) == [2, 0])
        #expect(item.push.events.map(\.rawBody) == [[], []])
    }

    @Test func nothingSecretStandsInTheBody() throws {
        let all = wordpress(user: "u-name", appPassword: "p-word", token: "t-oken", sharedSecret: "s-ecret")
        let body = text(try all.batchRequest(items(), requestID: "id", now: monday).body)
        for secret in ["u-name", "p-word", "t-oken", "s-ecret"] { #expect(!body.contains(secret)) }
    }
}
