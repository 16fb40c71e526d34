import Foundation
import Testing

@testable import Common

@Suite struct JSONTextTests {
    @Test(arguments: [
        ("", #""""#), ("a", #""a""#), ("\"\\/", #""\"\\/""#), ("\u{0}\u{1F}", #""\u0000\u001f""#), ("\n\r\t", #""\u000a\u000d\u0009""#),
        ("é€😀", #""é€😀""#), ("\u{7F}\u{2028}", "\"\u{7F}\u{2028}\""),
    ])
    func quotes(_ text: String, expected: String) {
        #expect(String(decoding: JSONText.quoted(text), as: UTF8.self) == expected)
    }

    @Test(arguments: [
        (#""\b\f\n\r\t\/\\\"""#, "\u{8}\u{C}\n\r\t/\\\""), (#""\u0041\u00e9\u20AC""#, "Aé€"), (#""\ud83d\ude00""#, "😀"),
        (#""\uD83D\uDE00x""#, "😀x"), (#""\ud83d""#, "\u{FFFD}"), (#""\ude00""#, "\u{FFFD}"), (#""\ud83dx""#, "\u{FFFD}x"),
        (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"), (#""\ud83d\u0041""#, "\u{FFFD}A"), (#""\ud83d\n""#, "\u{FFFD}\n"),
        (#""\\ud83d""#, "\\ud83d"), (#""\u0000""#, "\0"), (#""\uffff""#, "\u{FFFF}"), (#""\ude00\ud83d""#, "\u{FFFD}\u{FFFD}"),
    ])
    func unescapes(_ text: String, expected: String) throws {
        #expect(try json(text).string == expected)
    }

    @Test func quotesAndReadsBack() throws {
        var random = Seeded(1)
        for _ in 0..<500 {
            let scalars = (0..<Int.random(in: 0...20, using: &random)).map { _ in
                Unicode.Scalar(UInt32.random(in: 0...(Bool.random(using: &random) ? 0x7F : 0x10FFFF), using: &random)) ?? "\u{FFFD}"
            }
            var text = ""
            text.unicodeScalars.append(contentsOf: scalars)
            let value = try JSONDocument(JSONText.quoted(text)).root
            #expect(value.string.map { Array($0.utf8) } == Array(text.utf8))
        }
    }

    /// Text is passed over eight bytes at a time: each byte that ends a run, at each place of it.
    @Test func quotesEachByteAtEachPlace() throws {
        for byte in UInt8(0)..<0x80 {
            for place in 0..<20 {
                var text = Bytes(repeating: 0x61, count: 20)
                text[place] = byte
                var json = Bytes()
                JSONText.append(text, to: &json)
                let read = try JSONDocument(json).root.string
                #expect(read == String(decoding: text, as: UTF8.self), "byte \(byte) at \(place)")
                let isPlain = byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
                #expect((json.count == text.count + 2) == isPlain, "byte \(byte) at \(place)")
                let unquoted = Bytes("\"".utf8) + text + Bytes("\"".utf8)
                #expect(((try? JSONDocument(unquoted)) != nil) == isPlain, "byte \(byte) at \(place), not escaped")
            }
        }
    }

    @Test(arguments: [
        (#"["\ud800"]"#, #"["\ufffd"]"#), (#"["\uDFFF"]"#, #"["\ufffd"]"#), (#"["\ud83d\ude00"]"#, #"["\ud83d\ude00"]"#),
        (#"["\ud83d\ud83d\ude00"]"#, #"["\ufffd\ud83d\ude00"]"#), (#"["\ude00\ud83d"]"#, #"["\ufffd\ufffd"]"#),
        (#"["\\ud800"]"#, #"["\\ud800"]"#), (#"["\\\ud800"]"#, #"["\\\ufffd"]"#), (#"["\ud800\\ude00"]"#, #"["\ufffd\\ude00"]"#),
        (#"["\ud800\n\udc00"]"#, #"["\ufffd\n\ufffd"]"#), (#"{"\udc00":"\u0041"}"#, #"{"\ufffd":"\u0041"}"#), (#"[]"#, "[]"),
        (#""\ud83d\ude00""#, #""\ud83d\ude00""#), (#"["\uD888\u1234"]"#, #"["\ufffd\u1234"]"#),
    ])
    func repairs(_ text: String, expected: String) {
        #expect(String(decoding: JSONText.repairSurrogates(in: Bytes(text.utf8)), as: UTF8.self) == expected)
    }

    /// A strict reader (JSONSerialization refuses half a pair, as PHP does) takes whatever comes out.
    @Test func repairedTextIsStrictlyReadable() throws {
        var random = Seeded(2)
        let pieces = [#"\ud83d"#, #"\ude00"#, #"\\"#, #"\n"#, #"\u0041"#, "x", "u", "€", #"\""#, #"\uDBFF"#, #"\uDC00"#]
        for _ in 0..<2000 {
            let content = (0..<Int.random(in: 0...6, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
            let whole = Bytes(#"{"k\#(content)":["\#(content)"]}"#.utf8)
            let flagged = try JSONDocument(whole).hasLoneSurrogate
            let repaired = JSONText.repairSurrogates(in: whole)
            #expect(flagged || repaired == whole, "\(content)")
            #expect(try !JSONDocument(repaired).hasLoneSurrogate, "\(content)")
            #expect(throws: Never.self, "\(content)") { try JSONSerialization.jsonObject(with: Data(repaired)) }
        }
    }
}
