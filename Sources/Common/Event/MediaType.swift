/// A Content-Type field's value (RFC 9110, 8.3).
public enum MediaType {
    /// The type without its parameters, in lower case.
    public static func name(of field: String) -> String {
        var field = field
        return field.withUTF8 { field in
            var type = field.prefix { $0 != UInt8(ascii: ";") }
            while let first = type.first, ASCII.isBlank(first) { type.removeFirst() }
            while let last = type.last, ASCII.isBlank(last) { type.removeLast() }
            // What most senders name costs no memory.
            if UnsafeBufferPointer(rebasing: type).isSame(as: "application/json") { return "application/json" }
            return String(unsafeUninitializedCapacity: type.count) { name in
                for (place, byte) in type.enumerated() { name[place] = ASCII.lowercased(byte) }
                return type.count
            }
        }
    }
}
