import Glibc

/// Bytes as they arrived. Copied once at the border to C, then passed on as a value.
public typealias Bytes = [UInt8]

public enum ASCII {
    /// Lower-cases `A–Z` and leaves every other byte alone: HTTP field names and media types are compared this way (RFC 9110, 5.1).
    @inlinable
    public static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }

    @inlinable
    public static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    /// Space and horizontal tab, HTTP's optional white space (RFC 9110, 5.6.3).
    @inlinable
    public static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// Whether two texts are the same but for the case of `A–Z`.
    public static func equal(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { lowercased($0) == lowercased($1) }
    }

    public static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var slice = bytes
        while let first = slice.first, isBlank(first) { slice.removeFirst() }
        while let last = slice.last, isBlank(last) { slice.removeLast() }
        return slice
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Not in constant time: for what is no secret.
    @inline(__always)
    func isSame(as other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard count == other.count, let left = baseAddress, let right = other.baseAddress else { return count == other.count }
        return memcmp(left, right, count) == 0
    }

    @inline(__always)
    func isSame(as text: StaticString) -> Bool { isSame(as: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)) }
}

extension String {
    /// Not in constant time either.
    public func isSame(as bytes: UnsafeRawBufferPointer) -> Bool {
        let bytes = bytes.assumingMemoryBound(to: UInt8.self)
        return utf8.span.withUnsafeBufferPointer { $0.isSame(as: bytes) }
    }

    /// Byte by byte: `==` also takes one way to write `ü` for the other.
    public func isSame(as text: String) -> Bool { text.utf8.span.withUnsafeBufferPointer { isSame(as: UnsafeRawBufferPointer($0)) } }
}

extension Bytes {
    /// Words of ours, without a `String` made of them first.
    @inlinable
    public mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { append(contentsOf: $0) }
    }
}

extension Int64 {
    /// A whole number of 1 to 18 decimal digits and nothing else: no sign, no blank, so that one number has few spellings and none overflows.
    @inlinable
    public init?(decimalDigits bytes: some Collection<UInt8>) {
        guard (1...18).contains(bytes.count) else { return nil }
        var value: Int64 = 0
        for byte in bytes {
            guard ASCII.isDigit(byte) else { return nil }
            value = value * 10 + Int64(byte - 0x30)
        }
        self = value
    }
}
