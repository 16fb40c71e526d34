import Foundation
import Testing

@testable import Common

@Suite struct ByteWriterTests {
    @Test(arguments: [0, 1, -1, 9, 10, 99, 100, 202, -2048, .max, .min])
    func writesNumbers(_ number: Int) {
        let written = Bytes.written(atMost: 20) { $0.append(decimal: number) }
        #expect(String(decoding: written, as: UTF8.self) == String(number))
    }

    @Test func appendsBehindWhatIsThere() {
        var bytes = Bytes("ab".utf8)
        bytes.append(atMost: 9) { $0.append("cd" as String) }
        bytes.append(atMost: 0) { _ in }
        bytes.append(atMost: 3) { writer in
            writer.append("e")
            writer.append(Bytes("fg".utf8))
        }
        #expect(String(decoding: bytes, as: UTF8.self) == "abcdefg")
    }

    /// What another JSON reader makes of it is the text again.
    @Test(arguments: [
        "", "plain", "seven b", "eight by", "nine byte", #"a "quoted" \ word"#, "\"", "\u{0}\u{1F}\n\r\t", "Lübeck, Straße 12 – 日本 🎟",
        String(repeating: "\"", count: 40), String(repeating: "x", count: 40) + "\u{7}",
    ])
    func quotes(_ text: String) throws {
        let json = Bytes.written(atMost: ByteWriter.most(quoted: text)) { $0.append(quoted: text) }
        #expect(try JSONDecoder().decode(String.self, from: Data(json)) == text)
        #expect(json == JSONText.quoted(text))
    }
}

@Suite struct PlainRunTests {
    /// Each byte at each place of runs of each length up to three words, against a look at one byte after the other.
    @Test(arguments: [false, true])
    func endsWhereTheFirstOtherByteStands(asciiOnly: Bool) {
        func isPlain(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x22 && byte != 0x5C && !(asciiOnly && byte >= 0x80) }
        for length in 0...25 {
            for place in 0..<max(1, length) {
                for byte in UInt8.min...UInt8.max {
                    var text = Bytes(repeating: asciiOnly ? 0x7F : 0xC3, count: length)
                    if length > 0 { text[place] = byte }
                    for start in [0, min(3, length), min(9, length)] {
                        let expected = text[start...].firstIndex { !isPlain($0) } ?? length
                        let found = text.withUnsafeBufferPointer { buffer in
                            buffer.baseAddress.map { PlainRun.end($0, from: start, to: length, asciiOnly: asciiOnly) } ?? 0
                        }
                        guard found != expected else { continue }
                        Issue.record("byte \(byte) at \(place) of \(length), from \(start): \(found), not \(expected)")
                        return
                    }
                }
            }
        }
    }
}

@Suite struct HexDigitsTests {
    @Test(arguments: [0, 1, 0x9, 0xA, 0xF, 0x10, 0x89AB_CDEF, 0x0123_4567, 0xDEAD_BEEF, .max] as [UInt32])
    func writesEightDigitsAtOnce(_ number: UInt32) {
        let digits = withUnsafeBytes(of: Hex.digits(of: number).bigEndian) { String(decoding: $0, as: UTF8.self) }
        #expect(digits == String(format: "%08x", number))
    }
}
