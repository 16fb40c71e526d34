import Testing

@testable import Common

@Suite struct StripeSchemeTests {
    private static let header = "stripe-signature"
    private static let body = Bytes(#"{"id":"evt_1","object":"event"}"#.utf8)
    private static let now = Timestamp(milliseconds: 1_795_456_800_000)
    /// HMAC-SHA256 of `1795456800.` and the body under `whsec_test_secret`, by Python's hmac.
    private static let code = "5e3debca450fb902b215673c68aa7c13d77df2a0d9f89cb209970713a846accb"
    private static let zeroes = String(repeating: "0", count: 64)

    private func judge(_ headers: [(String, String)], now: Timestamp = now) throws -> Verdict {
        Provider.stripe.scheme.verdict(
            headers, body: Self.body, candidates: try keys([("other", ["whsec_other"]), ("acme", ["whsec_new", "whsec_test_secret"])]),
            now: now)
    }

    @Test(
        arguments: [
            ("as documented", "t=1795456800,v1=\(code)", .tenant("acme")),
            ("several v1, the last fits", "t=1795456800,v1=\(zeroes),v1=\(code)", .tenant("acme")),
            ("several v1, the first fits", "t=1795456800,v1=\(code),v1=\(zeroes)", .tenant("acme")),
            ("t behind v1", "v1=\(code),t=1795456800", .tenant("acme")),
            ("v0 and the unknown beside it", "t=1795456800,v0=\(zeroes),v1=\(code),x=y", .tenant("acme")),
            ("empty pairs", ",t=1795456800,,v1=\(code),", .tenant("acme")),
            ("the first t counts", "t=1795456800,t=1,v1=\(code)", .tenant("acme")),
            ("and a later one does not", "t=1795456801,t=1795456800,v1=\(code)", .refused(.signatureWrong)),
            ("v0 alone", "t=1795456800,v0=\(code)", .refused(.signatureMissing(place: header))),
            ("upper-case hex", "t=1795456800,v1=\(code.uppercased())", .refused(.signatureWrong)),
            ("upper-case key", "t=1795456800,V1=\(code)", .refused(.signatureMissing(place: header))),
            ("cut short", "t=1795456800,v1=\(code.dropLast())", .refused(.signatureWrong)),
            ("too long", "t=1795456800,v1=\(code)0", .refused(.signatureWrong)),
            ("blank behind it", "t=1795456800,v1=\(code) ", .refused(.signatureWrong)),
            ("empty v1", "t=1795456800,v1=", .refused(.signatureWrong)),
            ("wrong", "t=1795456800,v1=\(zeroes)", .refused(.signatureWrong)),
            ("no v1", "t=1795456800", .refused(.signatureMissing(place: header))),
            ("no t", "v1=\(code)", .refused(.timestampMissing(place: header))),
            ("empty", "", .refused(.signatureMissing(place: header))),
            ("commas alone", ",,", .refused(.signatureMissing(place: header))),
            ("no pairs", code, .refused(.headerUnreadable(header: header))),
            ("t empty", "t=,v1=\(code)", .refused(.headerUnreadable(header: header))),
            ("t is a word", "t=now,v1=\(code)", .refused(.headerUnreadable(header: header))),
            ("t negative", "t=-1795456800,v1=\(code)", .refused(.headerUnreadable(header: header))),
            ("t with a sign", "t=+1795456800,v1=\(code)", .refused(.headerUnreadable(header: header))),
            ("t with a blank", "t= 1795456800,v1=\(code)", .refused(.headerUnreadable(header: header))),
            ("t with a fraction", "t=1795456800.0,v1=\(code)", .refused(.headerUnreadable(header: header))),
            ("t of 18 digits", "t=999999999999999999,v1=\(code)", .refused(.headerUnreadable(header: header))),
            ("t of 19 digits", "t=9223372036854775807,v1=\(code)", .refused(.headerUnreadable(header: header))),
            ("t overlong", "t=\(zeroes)1795456800,v1=\(code)", .refused(.headerUnreadable(header: header))),
            ("t zero", "t=0,v1=\(code)", .refused(.timestampOff(milliseconds: 1_795_456_800_000))),
            ("t in milliseconds", "t=1795456800000,v1=\(code)", .refused(.timestampOff(milliseconds: -1_793_661_343_200_000))),
            ("leading zero is other bytes", "t=01795456800,v1=\(code)", .refused(.signatureWrong)),
            ("16 pairs", "t=1795456800" + String(repeating: ",v1=\(zeroes)", count: 14) + ",v1=\(code)", .tenant("acme")),
            (
                "17 pairs", "t=1795456800" + String(repeating: ",v1=\(zeroes)", count: 15) + ",v1=\(code)",
                .refused(.headerUnreadable(header: header))
            ),
        ] as [(String, String, Verdict)])
    func reads(_ name: String, field: String, expected: Verdict) throws {
        #expect(try judge([("Stripe-Signature", field)]) == expected, "\(name)")
    }

    @Test func standsOnce() throws {
        let field = ("Stripe-Signature", "t=1795456800,v1=\(Self.code)")
        #expect(try judge([]) == .refused(.signatureMissing(place: Self.header)))
        #expect(try judge([("Stripe-Signature-2", field.1)]) == .refused(.signatureMissing(place: Self.header)))
        #expect(try judge([field, field]) == .refused(.headerUnreadable(header: Self.header)))
        #expect(try judge([field, ("STRIPE_SIGNATURE", "")]) == .refused(.headerUnreadable(header: Self.header)))
    }

    /// 300 s either way, counted in whole seconds as the sender counts.
    @Test(
        arguments: [
            (-301_000, .refused(.timestampOff(milliseconds: -301_000))), (-300_001, .refused(.timestampOff(milliseconds: -301_000))),
            (-300_000, .tenant("acme")), (-1, .tenant("acme")), (0, .tenant("acme")), (300_000, .tenant("acme")),
            (300_999, .tenant("acme")),
            (301_000, .refused(.timestampOff(milliseconds: 301_000))),
        ] as [(Int64, Verdict)])
    func toleratesFiveMinutes(_ later: Int64, expected: Verdict) throws {
        let now = Timestamp(milliseconds: Self.now.milliseconds + later)
        #expect(try judge([("Stripe-Signature", "t=1795456800,v1=\(Self.code)")], now: now) == expected)
    }

    @Test(
        arguments: [
            ("its own", [("acme", ["whsec_test_secret"])], .tenant("acme")),
            ("in rotation", [("acme", ["whsec_a", "whsec_test_secret"])], .tenant("acme")),
            ("the other tenant's", [("a", ["whsec_a"]), ("b", ["whsec_test_secret"])], .tenant("b")),
            ("both: the first", [("a", ["whsec_test_secret"]), ("b", ["whsec_test_secret"])], .tenant("a")),
            ("without its prefix", [("acme", ["test_secret"])], .refused(.signatureWrong)),
            ("no secret", [("acme", [])], .refused(.signatureWrong)),
            ("nobody", [], .refused(.signatureWrong)), ("an empty one", [("acme", [""])], .refused(.signatureWrong)),
        ] as [(String, [(TenantName, [String])], Verdict)])
    func findsTheTenant(_ name: String, tenants: [(TenantName, [String])], expected: Verdict) throws {
        let field = [("Stripe-Signature", "t=1795456800,v1=\(Self.code)")]
        #expect(Provider.stripe.scheme.verdict(field, body: Self.body, candidates: try keys(tenants), now: Self.now) == expected, "\(name)")
    }
}
