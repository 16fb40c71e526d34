import Common
import Foundation

/// A file's lines one after another. Of a line that is too long no more is held than a piece.
struct LineReader: ~Copyable {
    enum Line {
        case text(Bytes)
        case tooLong
    }

    private let file: UnsafeMutablePointer<FILE>
    private let path: String
    private let mostBytes: Int
    private var piece = Bytes()
    private var place = 0

    init(path: String, mostBytes: Int) throws(BackfillError) {
        guard let file = fopen(path, "re") else {
            throw .notSetUp("cannot read \(path); check that it exists and that this user may read it")
        }
        (self.file, self.path, self.mostBytes) = (file, path, mostBytes)
    }

    deinit { fclose(file) }

    /// Nil behind the last. A last line needs no end.
    mutating func next() throws(BackfillError) -> Line? {
        var (line, count) = (Bytes(), 0)
        while try fill() {
            let end = lineEnd()
            let part = piece[place..<(end ?? piece.count)]
            count += part.count
            if count <= mostBytes { line += part } else { line = [] }
            place = end.map { $0 + 1 } ?? piece.count
            if end != nil { return count <= mostBytes ? .text(line) : .tooLong }
        }
        guard count > 0 else { return nil }
        return count <= mostBytes ? .text(line) : .tooLong
    }

    /// Within the piece.
    private func lineEnd() -> Int? {
        piece.withUnsafeBytes { bytes in
            guard let begin = bytes.baseAddress, let end = memchr(begin + place, 0x0A, bytes.count - place) else { return nil }
            return UnsafeRawPointer(end) - begin
        }
    }

    /// False at the end.
    private mutating func fill() throws(BackfillError) -> Bool {
        guard place == piece.count else { return true }
        (piece, place) = (Bytes(repeating: 0, count: 1 << 16), 0)
        let read = fread(&piece, 1, piece.count, file)
        piece.removeLast(piece.count - read)
        guard read > 0 else {
            guard ferror(file) == 0 else { throw .notSetUp("\(path) could be read in part alone: \(String(cString: strerror(errno)))") }
            return false
        }
        return true
    }
}
