import Foundation
import Testing

@testable import Common

@Suite struct HeaderFieldsTests {
    @Test(arguments: [
        ("Stripe-Signature", "stripe-signature"), ("STRIPE_SIGNATURE", "stripe-signature"), ("x", "x"),
        ("X-Hub-Signature-256", "x-hub-signature-256"),
    ])
    func foldsNames(_ written: String, read: String) {
        #expect(HeaderFields([(written, "v")]).single(read) == Bytes("v".utf8))
    }

    @Test func twoOfANameAreAmbiguous() {
        let fields = HeaderFields([("A", "1"), ("b", "2"), ("a", "3")])
        #expect(fields.values(of: "a") == [Bytes("1".utf8), Bytes("3".utf8)])
        #expect(fields.single("a") == nil)
        #expect(fields.single("b") == Bytes("2".utf8))
        #expect(fields.single("c") == nil)
    }

    @Test func storesNoCredentials() throws {
        let fields = HeaderFields([
            ("Authorization", "Basic c2VjcmV0"), ("COOKIE", "session=secret"), ("Proxy_Authorization", "secret"),
            ("Content-Type", "text/\"x\""),
            ("X-Twice", "1"), ("X-Twice", "2"),
        ])
        #expect(text(fields.json()) == #"{"content-type":"text/\"x\"","x-twice":"1","x-twice":"2"}"#)
        #expect(text(HeaderFields().json()) == "{}")
    }

    @Test func anyByteGivesJSON() throws {
        var random = Seeded(8)
        for _ in 0..<300 {
            var fields = HeaderFields()
            fields.append(name: "x-any".utf8, value: random.bytes(12))
            fields.append(name: random.bytes(12), value: [])
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(fields.json())) }
        }
    }
}
