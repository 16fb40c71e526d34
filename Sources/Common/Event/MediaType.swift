/// A Content-Type field's value (RFC 9110, 8.3).
public enum MediaType {
    /// The type without its parameters, in lower case.
    public static func name(of field: String) -> String {
        let type = field.utf8.prefix { $0 != UInt8(ascii: ";") }.map(ASCII.lowercased)
        return String(decoding: ASCII.trimmed(type[...]), as: UTF8.self)
    }
}
