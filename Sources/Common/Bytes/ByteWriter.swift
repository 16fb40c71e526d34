import Glibc

/// Writes bytes one behind the other into room that was measured before. For what every event writes: an array that grows asks at each
/// word whether it is shared and whether it has room.
public struct ByteWriter: ~Copyable {
    @usableFromInline var place: UnsafeMutablePointer<UInt8>
    @usableFromInline let start, end: UnsafeMutablePointer<UInt8>

    @usableFromInline
    init(_ start: UnsafeMutablePointer<UInt8>, room: Int) {
        (place, self.start, end) = (start, start, start + room)
    }

    /// Bytes written so far.
    @inlinable
    public var count: Int { place - start }

    @inlinable
    public mutating func append(_ byte: UInt8) {
        precondition(place < end)
        place.initialize(to: byte)
        place += 1
    }

    @inlinable
    public mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let base = bytes.baseAddress else { return }
        precondition(bytes.count <= end - place)
        place.initialize(from: base, count: bytes.count)
        place += bytes.count
    }

    @inlinable
    public mutating func append(_ text: StaticString) { append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)) }

    @inlinable
    public mutating func append(_ bytes: Bytes) { bytes.withUnsafeBufferPointer { append($0) } }

    @inlinable
    public mutating func append(_ text: String) {
        text.utf8.span.withUnsafeBufferPointer { append($0) }
    }

    @inlinable
    public mutating func append<Number: FixedWidthInteger>(littleEndian number: Number) {
        let size = MemoryLayout<Number>.size
        precondition(size <= end - place)
        UnsafeMutableRawPointer(place).storeBytes(of: number.littleEndian, as: Number.self)
        place += size
    }

    /// In decimal digits; at most twenty characters.
    public mutating func append(decimal number: Int) {
        if number < 0 { append(UInt8(ascii: "-")) }
        var left = number.magnitude
        var digits = 1
        while left >= 10 {
            left /= 10
            digits += 1
        }
        precondition(digits <= end - place)
        left = number.magnitude
        for back in 1...digits {
            (place + digits - back).initialize(to: 0x30 + UInt8(truncatingIfNeeded: left % 10))
            left /= 10
        }
        place += digits
    }
}

extension Bytes {
    /// What `write` writes: at most so many bytes.
    @inlinable
    public static func written(atMost room: Int, _ write: (inout ByteWriter) -> Void) -> Bytes {
        var bytes = Bytes()
        bytes.append(atMost: room, write)
        return bytes
    }

    /// Appends what `write` writes: at most so many bytes.
    @inlinable
    public mutating func append(atMost room: Int, _ write: (inout ByteWriter) -> Void) {
        append(addingCapacity: room) { span in
            span.withUnsafeMutableBufferPointer { buffer, count in
                guard let start = buffer.baseAddress else { return }
                var writer = ByteWriter(start + count, room: room)
                write(&writer)
                count += writer.count
            }
        }
    }
}

extension ByteWriter {
    /// How many bytes `append(quoted:)` writes at most: every byte may need six.
    public static func most(quoted text: String) -> Int { text.utf8.count * 6 + 2 }

    /// The text between quotes as it stands in JSON (RFC 8259, section 7).
    public mutating func append(quoted text: String) {
        text.utf8.span.withUnsafeBufferPointer { append(quoted: $0) }
    }

    /// The same for bytes that are UTF-8.
    mutating func append(quoted text: UnsafeBufferPointer<UInt8>) {
        append(UInt8(ascii: "\""))
        append(escaped: text)
        append(UInt8(ascii: "\""))
    }

    /// As it stands between the quotes. What needs no escape is copied as it stands, run by run.
    mutating func append(escaped text: UnsafeBufferPointer<UInt8>) {
        var start = 0
        while let base = text.baseAddress {
            let end = PlainRun.end(base, from: start, to: text.count, asciiOnly: false)
            append(UnsafeBufferPointer(start: base + start, count: end - start))
            guard end < text.count else { break }
            escape(text[end])
            start = end + 1
        }
    }

    private mutating func escape(_ byte: UInt8) {
        append(UInt8(ascii: "\\"))
        guard byte < 0x20 else { return append(byte) }
        append("u00")
        append(0x30 + (byte >> 4))
        append(Hex.digit(byte & 15))
    }
}
