import Glibc

/// A file's or a pipe's lines one after another, each as soon as it is there. Of a line that is too long no more is held than a piece.
public struct LineReader: ~Copyable {
    public enum Line: Sendable, Equatable {
        case text(Bytes)
        case tooLong
    }

    /// What read(2) said.
    public struct ReadError: Error, CustomStringConvertible {
        let code: Int32
        public var description: String { String(cString: strerror(code)) }
    }

    private let descriptor: Int32
    private let mostBytes: Int
    private var piece = Bytes()
    private var place = 0

    /// - Parameter descriptor: closed with the reader.
    public init(descriptor: Int32, mostBytes: Int) {
        self.descriptor = descriptor
        self.mostBytes = mostBytes
    }

    public init(path: String, mostBytes: Int) throws(ReadError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ReadError(code: errno) }
        self.init(descriptor: descriptor, mostBytes: mostBytes)
    }

    deinit { close(descriptor) }

    /// Nil behind the last. A last line needs no end.
    public mutating func next() throws(ReadError) -> Line? {
        var (line, count, isAny) = (Bytes(), 0, false)
        while try fill() {
            isAny = true
            let end = lineEnd()
            let part = piece[place..<(end ?? piece.count)]
            count += part.count
            if count <= mostBytes { line += part } else { line = [] }
            place = end.map { $0 + 1 } ?? piece.count
            if end != nil { break }
        }
        guard isAny else { return nil }
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
    private mutating func fill() throws(ReadError) -> Bool {
        guard place == piece.count else { return true }
        (piece, place) = (Bytes(repeating: 0, count: 1 << 16), 0)
        var count = read(descriptor, &piece, piece.count)
        while count < 0, errno == EINTR { count = read(descriptor, &piece, piece.count) }
        guard count >= 0 else {
            let code = errno
            piece = []
            throw ReadError(code: code)
        }
        piece.removeLast(piece.count - count)
        return count > 0
    }
}
