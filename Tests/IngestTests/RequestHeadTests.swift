import Testing

@testable import Common
@testable import IngestFCGI

@Suite struct RequestHeadTests {
    @Test func readsWhatNginxGives() {
        let head = RequestHead([
            ("REQUEST_METHOD", "POST"), ("REQUEST_URI", "/api/webhooks/stripe/ingest?x=%3A"), ("PATH_INFO", "/api/webhooks/stripe/ingest"),
            ("CONTENT_TYPE", "Application/JSON; charset=UTF-8"), ("CONTENT_LENGTH", "12"), ("HTTP_HOST", "hooks.example"), ("HTTPS", "on"),
            ("GATEPOST_TENANT", "acme"), ("GATEPOST_REQUEST_ID", "0123456789abcdef"), ("REMOTE_ADDR", "192.0.2.1"),
            ("HTTP_STRIPE_SIGNATURE", "t=1,v1=x"), ("HTTP_USER_AGENT", "Stripe/1.0"), ("HTTP_TRACEPARENT", "00-a-b-01"),
            ("SERVER_NAME", "_"),
        ])
        #expect(head.method == "POST" && head.path == "/api/webhooks/stripe/ingest" && head.mediaType == "application/json")
        #expect(head.url == "https://hooks.example/api/webhooks/stripe/ingest?x=%3A")
        #expect(
            head.contentLength == 12 && head.tenant == "acme" && head.remoteAddress == "192.0.2.1" && head.requestID == "0123456789abcdef")
        #expect(head.headers.single("stripe-signature") == Bytes("t=1,v1=x".utf8))
        #expect(head.userAgent == "Stripe/1.0" && head.traceparent == "00-a-b-01" && !head.isOverlong)
    }

    @Test func nothingIsNothing() {
        let head = RequestHead([])
        #expect(head.method == "" && head.path == "" && head.mediaType == "" && head.contentLength == nil && head.tenant == nil)
        #expect(head.remoteAddress == nil && head.requestID == "made" && head.userAgent == nil && !head.isOverlong)
    }

    @Test(
        arguments: [
            ("/a?b=c", nil, "/a"), ("/a", nil, "/a"), ("/a?", nil, "/a"), ("?a", nil, ""), ("/a%2Fb", nil, "/a%2Fb"), ("/x", "/y", "/y"),
            ("/x", "", "/x"),
            (nil, "/y", "/y"),
        ] as [(String?, String?, String)])
    func findsThePath(_ target: String?, info: String?, expected: String) {
        let parameters = [("REQUEST_URI", target), ("PATH_INFO", info)].compactMap { name, value in value.map { (name, $0) } }
        #expect(RequestHead(parameters).path == expected)
    }

    @Test(
        arguments: [
            ([("HTTPS", "on"), ("HTTP_HOST", "a.example:8443")], "https://a.example:8443/x?y"),
            ([("HTTPS", "1"), ("HTTP_HOST", "a")], "https://a/x?y"),
            ([("HTTPS", "off"), ("HTTP_HOST", "a")], "http://a/x?y"), ([("HTTPS", ""), ("HTTP_HOST", "a")], "http://a/x?y"),
            ([("REQUEST_SCHEME", "https"), ("HTTP_HOST", "a")], "https://a/x?y"),
            ([("REQUEST_SCHEME", "http"), ("HTTP_HOST", "a")], "http://a/x?y"),
            ([("SERVER_NAME", "b")], "http://b/x?y"), ([("SERVER_NAME", "b"), ("HTTP_HOST", "a")], "http://a/x?y"), ([], "http:///x?y"),
            ([("SERVER_NAME", "b"), ("HTTP_HOST", "a"), ("HTTP_HOST", "c")], "http://b/x?y"),
        ] as [([(String, String)], String)])
    func buildsTheURL(_ parameters: [(String, String)], expected: String) {
        #expect(RequestHead(parameters + [("REQUEST_URI", "/x?y")]).url == expected)
    }

    @Test(arguments: [
        ("application/json", "application/json"), ("APPLICATION/JSON", "application/json"),
        ("application/json;charset=utf-8", "application/json"),
        (" application/json ; x", "application/json"), ("", ""), (";", ""), ("application/json, text/html", "application/json, text/html"),
        ("application /json", "application /json"),
    ])
    func readsTheMediaType(_ field: String, expected: String) { #expect(RequestHead([("CONTENT_TYPE", field)]).mediaType == expected) }

    @Test(
        arguments: [
            ("0", 0), ("524288", 524_288), ("", nil), ("-1", nil), ("+1", nil), (" 1", nil), ("1.0", nil), ("0x10", nil), ("1e3", nil),
            ("999999999999999999", 999_999_999_999_999_999), ("9999999999999999999", nil), ("12, 12", nil),
        ] as [(String, Int?)])
    func readsTheLength(_ field: String, expected: Int?) { #expect(RequestHead([("CONTENT_LENGTH", field)]).contentLength == expected) }

    /// It goes into a header and a log line.
    @Test(arguments: [
        ("12345678", true), ("ABCdef-0123", true), (String(repeating: "a", count: 64), true), (String(repeating: "a", count: 65), false),
        ("1234567", false),
        ("", false), ("1234 5678", false), ("12345678\r\nX: y", false), ("12345678\"", false), ("1234é5678", false), ("12345_678", false),
    ])
    func takesAUsableRequestID(_ id: String, isTaken: Bool) {
        #expect(RequestHead([("GATEPOST_REQUEST_ID", id)]).requestID == (isTaken ? id : "made"))
    }

    /// A sender's own headers arrive as `HTTP_…` and are never taken for nginx's word.
    @Test func aStrangerCannotSpeakForNginx() {
        let head = RequestHead([
            ("HTTP_GATEPOST_TENANT", "acme"), ("HTTP_GATEPOST_REQUEST_ID", "0123456789"), ("HTTP_HTTPS", "on"),
            ("HTTP_CONTENT_LENGTH", "5"),
        ])
        #expect(head.tenant == nil && head.requestID == "made" && head.contentLength == nil && head.url == "http://")
        #expect(RequestHead([("GATEPOST_TENANT", "")]).tenant == nil)
    }

    @Test func keepsBothOfADoubledField() {
        let head = RequestHead([("HTTP_X_A", "1"), ("HTTP_X_A", "2"), ("HTTP_USER_AGENT", "a"), ("HTTP_USER_AGENT", "b")])
        #expect(head.headers.values(of: "x-a") == [Bytes("1".utf8), Bytes("2".utf8)])
        #expect(head.userAgent == nil)
    }

    @Test(arguments: [(128, 1, false), (129, 1, true), (1, 32 * 1024 - 8, false), (1, 32 * 1024 - 7, true), (2, 16 * 1024, true)])
    func countsHeaders(_ fields: Int, bytes: Int, isOverlong: Bool) {
        let value = String(repeating: "v", count: bytes)
        let head = RequestHead(Array(repeating: ("HTTP_X_A", value), count: fields))
        #expect(head.isOverlong == isOverlong)
        #expect(head.headers.fields.count <= RequestHead.mostHeaderFields)
    }

    @Test func bytesThatAreNotUTF8StayReadable() {
        let parameters: [(name: Bytes, value: Bytes)] = [
            (Bytes("HTTP_USER_AGENT".utf8), [0xFF, 0x41]), (Bytes("REQUEST_URI".utf8), [0x2F, 0xFF]),
        ]
        let head = RequestHead(parameters: parameters) { "made" }
        #expect(head.userAgent == "\u{FFFD}A" && head.path == "/\u{FFFD}")
        #expect(head.headers.single("user-agent") == [0xFF, 0x41])
    }
}
