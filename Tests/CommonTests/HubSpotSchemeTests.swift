import Testing

@testable import Common

@Suite struct HubSpotSchemeTests {
    private static let signature = "x-hubspot-signature-v3"
    private static let time = "x-hubspot-request-timestamp"
    private static let body = Bytes(#"[{"eventId":1,"subscriptionType":"contact.creation"}]"#.utf8)
    private static let secret = "8e3b5c1e-client-secret"
    private static let now = Timestamp(milliseconds: 1_795_456_800_123)
    private static let url = "https://example.com/hook"
    /// Base 64 of HMAC-SHA256 of method, URL, body and time, by Python's hmac.
    private static let code = "ygTvA4i591G6VV7ejxK7XFrgY2YrRPm/djvN1GFV0GQ="

    private func judge(
        _ headers: [(String, String)], method: String = "POST", url: String = url, now: Timestamp = now
    ) throws -> Verdict {
        Provider.hubspot.scheme.verdict(
            headers, body: Self.body, method: method, url: url, candidates: try keys([("acme", ["other", Self.secret])]), now: now)
    }

    private static func fields(_ code: String, _ time: String) -> [(String, String)] {
        [("X-HubSpot-Signature-v3", code), ("X-HubSpot-Request-Timestamp", time)]
    }

    @Test(
        arguments: [
            ("as documented", fields(code, "1795456800123"), .tenant("acme")),
            ("older signatures beside it", fields(code, "1795456800123") + [("X-HubSpot-Signature", "00")], .tenant("acme")),
            ("wrong", fields("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "1795456800123"), .refused(.signatureWrong)),
            ("without padding", fields(String(code.dropLast()), "1795456800123"), .refused(.signatureWrong)),
            ("no signature", [fields(code, "1795456800123")[1]], .refused(.signatureMissing(place: signature))),
            ("empty signature", fields("", "1795456800123"), .refused(.signatureMissing(place: signature))),
            (
                "v2's header alone", [("X-HubSpot-Signature", code), ("X-HubSpot-Request-Timestamp", "1795456800123")],
                .refused(.signatureMissing(place: signature))
            ),
            (
                "two signatures", fields(code, "1795456800123") + [("X-HubSpot-Signature-v3", code)],
                .refused(.headerUnreadable(header: signature))
            ),
            ("no time", [fields(code, "")[0]], .refused(.timestampMissing(place: time))),
            (
                "two times", fields(code, "1795456800123") + [("X-HubSpot-Request-Timestamp", "1795456800123")],
                .refused(.headerUnreadable(header: time))
            ),
            ("empty time", fields(code, ""), .refused(.headerUnreadable(header: time))),
            ("time is a word", fields(code, "now"), .refused(.headerUnreadable(header: time))),
            ("negative time", fields(code, "-1795456800123"), .refused(.headerUnreadable(header: time))),
            ("time of 19 digits", fields(code, "1795456800123000000"), .refused(.headerUnreadable(header: time))),
            ("another time", fields(code, "1795456800124"), .refused(.signatureWrong)),
            ("time in seconds", fields(code, "1795456800"), .refused(.timestampOff(milliseconds: 1_793_661_343_323))),
        ] as [(String, [(String, String)], Verdict)])
    func reads(_ name: String, headers: [(String, String)], expected: Verdict) throws {
        #expect(try judge(headers) == expected, "\(name)")
    }

    @Test(
        arguments: [
            (-300_001, .refused(.timestampOff(milliseconds: -300_001))), (-300_000, .tenant("acme")), (300_000, .tenant("acme")),
            (300_001, .refused(.timestampOff(milliseconds: 300_001))),
        ] as [(Int64, Verdict)])
    func toleratesFiveMinutes(_ later: Int64, expected: Verdict) throws {
        let now = Timestamp(milliseconds: Self.now.milliseconds + later)
        #expect(try judge(Self.fields(Self.code, "1795456800123"), now: now) == expected)
    }

    @Test(arguments: [
        ("GET", url), ("post", url), ("POST", "http://example.com/hook"), ("POST", url + "/"), ("POST", url + "?"), ("POST", ""),
    ])
    func signsMethodAndURL(_ method: String, url: String) throws {
        #expect(try judge(Self.fields(Self.code, "1795456800123"), method: method, url: url) == .refused(.signatureWrong))
    }

    /// The twelve of HubSpot's table are decoded, and no other.
    @Test func decodesTwelveEscapes() throws {
        let url = "https://example.com/api/webhooks/hubspot/acme/ingest?a=%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B&b=%20%26%25%3D%23%2B"
        let code = "nFbAbUWT1a93VllMoM938MR6KOogxOJMRYBxARacOyw="
        #expect(try judge(Self.fields(code, "1795456800123"), url: url) == .tenant("acme"))
    }

    /// Signed over the left, sent to the right.
    @Test(arguments: [
        ("?a=:", "?a=%3A", true), ("?a=:", "?a=%3a", true), ("?a=%3A", "?a=%3A", true), ("?a=%253A", "?a=%253A", true),
        ("?a=:", "?a=%253A", false),
        ("?a=%", "?a=%", true), ("?a=%3", "?a=%3", true), ("?a=%GG", "?a=%GG", true), ("?a=%%3A", "?a=%:", true), ("?a= ", "?a=%20", false),
        ("?a=;", "?a=%3B", true), ("?a=%3B%2C", "?a=;,", true), ("/é", "/é", true),
    ])
    func decodesOnce(_ signed: String, sent: String, isTaken: Bool) throws {
        let headers = try Provider.hubspot.scheme.signature(of: Self.body, with: Self.secret, url: Self.url + signed, at: Self.now)
        let verdict = try judge(headers.map { ($0.name, $0.value) }, url: Self.url + sent)
        #expect(verdict == (isTaken ? .tenant("acme") : .refused(.signatureWrong)))
    }
}
