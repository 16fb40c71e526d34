import Testing

@testable import Common

@Suite struct HexTests {
    /// RFC 4648, section 10, in lower case.
    @Test(arguments: [("", ""), ("f", "66"), ("fo", "666f"), ("foo", "666f6f"), ("foob", "666f6f62"), ("foobar", "666f6f626172")])
    func writesTheVectors(_ plain: String, hex: String) {
        #expect(text(Hex.encode(Bytes(plain.utf8))) == hex)
        #expect(Hex.decode(hex.utf8) == Bytes(plain.utf8))
        #expect(Hex.decode(hex.uppercased().utf8) == Bytes(plain.utf8))
    }

    @Test(arguments: ["6", "666", "6g", "g6", " 66", "66 ", "6 6", "0x66", "６６", "6\u{0}", "/0", "0:", "@0", "0G", "`0", "+1"])
    func refuses(_ hex: String) { #expect(Hex.decode(hex.utf8) == nil) }

    @Test func everyByteComesBack() {
        let all = (0...255).map { UInt8($0) }
        #expect(Hex.decode(Hex.encode(all)) == all)
    }
}

@Suite struct Base64Tests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
    func writesTheVectors(_ plain: String, base64: String) {
        #expect(text(Base64.encode(Bytes(plain.utf8))) == base64)
        #expect(Base64.decode(base64.utf8) == Bytes(plain.utf8))
        #expect(Base64.decode(base64.utf8.filter { $0 != UInt8(ascii: "=") }) == Bytes(plain.utf8), "padding may be left out")
    }

    @Test(arguments: [
        "Z", "Zg=", "Z===", "=", "==", "===", "====", "Zg==Zg==", "Zm8=Zg==", "Zg==\n", " Zg==", "Zm 9v", "Zm9v=", "Zm9v==", "Zm9v====",
        "Zh==", "Zm9=", "Z*==", "Zm9-", "Zm9_", "Zm9vé", "Zg=a", "=Zm9", "Zg==a",
    ])
    func refuses(_ base64: String) { #expect(Base64.decode(base64.utf8) == nil) }

    @Test func everyLengthComesBack() {
        var random = Seeded(3)
        for count in 0..<200 {
            let bytes = random.bytes(count)
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
    }
}

@Suite struct NumberTests {
    @Test(
        arguments: [
            ("0", 0), ("7", 7), ("007", 7), ("999999999999999999", 999_999_999_999_999_999), ("1000000000000000000", nil), ("", nil),
            ("-1", nil), ("+1", nil), (" 1", nil), ("1 ", nil), ("1.0", nil), ("1e3", nil), ("0x1", nil), ("１", nil), ("/", nil),
            (":", nil),
        ] as [(String, Int64?)])
    func readsDecimalDigits(_ text: String, expected: Int64?) { #expect(Int64(decimalDigits: text.utf8) == expected) }

    @Test(arguments: [("", ""), (" ", ""), ("\t a b \t", "a b"), ("a", "a"), ("\u{A0}a", "\u{A0}a"), ("\na", "\na")])
    func trims(_ plain: String, expected: String) { #expect(text(ASCII.trimmed(Bytes(plain.utf8)[...])) == expected) }

    @Test(arguments: [("AbZ", "aBz", true), ("a", "ab", false), ("[", "{", false), ("@", "`", false), ("É", "é", false), ("", "", true)])
    func comparesNames(_ left: String, _ right: String, isEqual: Bool) { #expect(ASCII.equal(left.utf8, right.utf8) == isEqual) }
}
