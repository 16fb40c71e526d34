import Foundation
import Testing

@testable import Common

@Suite struct LogLineTests {
    private static let now = Timestamp(milliseconds: 1_795_456_800_123)

    @Test func hasTheContractsFields() {
        let line = LogLine("stored", level: .warning, at: Self.now).with("event_id", "e").with("tenant", nil as String?)
            .with("latency_ms", 12).with("attempts", nil as Int64?)
        #expect(
            text(line.json + [UInt8(ascii: "}")])
                == #"{"ts":"2026-11-23T18:00:00.123Z","level":"warning","msg":"stored","event_id":"e","latency_ms":12}"#)
    }

    @Test(arguments: [
        "", "plain", "\"", "\\", "\\\"", "a\nb\r\nc", "\u{0}\u{1}\u{1F}\u{7F}", "é€😀", "\u{2028}\u{2029}\u{85}", "}{\",\"level\":\"error",
        "\u{FFFD}\u{FFFF}", "\u{202E}abc", String(repeating: "x", count: 100_000),
        String(decoding: [0xFF, 0xED, 0xA0, 0x80, 0x22] as Bytes, as: UTF8.self),
    ])
    func isOneLineOfJSON(_ anything: String) throws {
        let line = LogLine(anything, at: Self.now).with("reason", anything)
        let whole = line.json + [UInt8(ascii: "}")]
        #expect(!whole.contains { $0 < 0x20 }, "a control character could begin a line of its own")
        let read = try #require(try JSONSerialization.jsonObject(with: Data(whole)) as? [String: String])
        #expect(read.count == 4)
        #expect(read["msg"].map { Array($0.utf8) } == Array(anything.utf8))
        #expect(read["reason"].map { Array($0.utf8) } == Array(anything.utf8))
        #expect(read["level"] == "info")
    }

    @Test func metadataKeysMayBeAnything() throws {
        var line = LogLine("x", at: Self.now)
        line.field("a\"\n", "b")
        #expect(throws: Never.self) { try JSONDocument(line.json + [UInt8(ascii: "}")]) }
    }
}
