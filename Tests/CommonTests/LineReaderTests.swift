import Common
import Foundation
import Testing

@Suite struct LineReaderTests {
    /// What a pipe's other end wrote, read with room for five bytes a line.
    private func lines(of text: String, most: Int = 5) throws -> [LineReader.Line] {
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try pipe.fileHandleForWriting.close()
        var reader = LineReader(descriptor: dup(pipe.fileHandleForReading.fileDescriptor), mostBytes: most)
        var lines: [LineReader.Line] = []
        while let line = try reader.next() { lines.append(line) }
        return lines
    }

    private static func text(_ text: String) -> LineReader.Line { .text(Bytes(text.utf8)) }

    @Test(
        arguments: [
            ("", []), ("\n", [text("")]), ("a", [text("a")]), ("a\n", [text("a")]), ("a\n\nb", [text("a"), text(""), text("b")]),
            ("12345\n", [text("12345")]), ("123456\nb\n", [.tooLong, text("b")]), ("a\n123456", [text("a"), .tooLong]),
            ("\r\n", [text("\r")]),
        ] as [(String, [LineReader.Line])])
    func reads(_ text: String, expected: [LineReader.Line]) throws { #expect(try lines(of: text) == expected) }

    /// One that is longer than a piece, and than a pipe holds at once.
    @Test func longOnes() throws {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "gatepost-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        let long = String(repeating: "x", count: 200_000)
        try Data("\(long)\nb\n\(long)x".utf8).write(to: scratch)
        var reader = try LineReader(path: scratch.path, mostBytes: 200_000)
        #expect(try reader.next() == Self.text(long))
        #expect(try reader.next() == Self.text("b"))
        #expect(try reader.next() == .tooLong)
        #expect(try reader.next() == nil)
    }

    /// Whoever asks line by line has each answer before the next question.
    @Test func aLineDoesNotWaitForMore() throws {
        let pipe = Pipe()
        var reader = LineReader(descriptor: dup(pipe.fileHandleForReading.fileDescriptor), mostBytes: 100)
        try pipe.fileHandleForWriting.write(contentsOf: Data("a\nb".utf8))
        #expect(try reader.next() == Self.text("a"))
        try pipe.fileHandleForWriting.write(contentsOf: Data("c\n".utf8))
        #expect(try reader.next() == Self.text("bc"))
    }

    @Test func whatIsNotThere() {
        #expect(throws: LineReader.ReadError.self) { _ = try LineReader(path: "/nowhere/at/all", mostBytes: 1) }
    }
}
