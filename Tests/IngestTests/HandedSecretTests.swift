import Testing

@testable import Common
@testable import IngestFCGI

@Suite struct HandedSecretTests {
    private func provider(_ name: String) throws -> Provider { try #require(Catalogue.provider(for: source(name))) }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var secrets: [String]
        var isSigned = false
        let isOne: Bool

        init(_ name: String, _ secrets: String..., isSigned: Bool = false, isOne: Bool = false) {
            testDescription = name
            self.secrets = secrets
            self.isSigned = isSigned
            self.isOne = isOne
        }
    }

    static let cases: [Case] = [
        Case("as Asana sends it", "b537207f20cbfa02", isOne: true), Case("eight bytes", "12345678", isOne: true), Case("seven", "1234567"),
        Case("the most", String(repeating: "x", count: 512), isOne: true), Case("one more", String(repeating: "x", count: 513)),
        Case("a blank", "12345678 9"), Case("a tab", "12345678\t9"), Case("a line end", "12345678\r\nA: b"),
        Case("beyond ASCII", "12345678ü"), Case("two", "12345678", "12345679"), Case("none"), Case("empty", ""),
        Case("signed", "b537207f20cbfa02", isSigned: true),
    ]

    @Test(arguments: cases)
    func inAHeader(_ one: Case) throws {
        let fields = one.secrets.map { ("HTTP_X_HOOK_SECRET", $0) } + (one.isSigned ? [("HTTP_X_HOOK_SIGNATURE", "x")] : [])
        let head = RequestHead.post("/api/webhooks/asana/acme", length: 0, fields)
        #expect((HandedSecret(in: head, to: try provider("asana")) != nil) == one.isOne)
        #expect(HandedSecret(in: head, to: try provider("stripe")) == nil)
    }

    static let bodies: [(String, Bool, Bool, Bool)] = [
        (#"{"verification_token":"secret_tMrlL1qK5vuQAh1b"}"#, false, false, true), (#"{"verification_token":""}"#, false, false, false),
        (#"{"verification_token":12345678}"#, false, false, false), (#"{"verification_token":["12345678"]}"#, false, false, false),
        (#"{"a":{"verification_token":"12345678"}}"#, false, false, false),
        (#"{"verification_token":"1234567\u0000"}"#, false, false, false),
        ("{", false, false, false), ("[]", false, false, false), ("{}", false, true, false),
        (#"{"verification_token":"12345678"}"#, true, false, false), (#"{"verification_token":"12345678"}"#, true, true, true),
    ]

    @Test(arguments: bodies)
    func inABody(_ body: String, isSigned: Bool, isAwaited: Bool, isOne: Bool) throws {
        let headers = HeaderFields(isSigned ? [("X-Notion-Signature", "sha256=00")] : [])
        let handed = HandedSecret(in: Bytes(body.utf8), headers, to: try provider("notion"), isAwaited: isAwaited)
        #expect((handed != nil) == isOne)
        #expect(handed?.header == nil)
    }
}
