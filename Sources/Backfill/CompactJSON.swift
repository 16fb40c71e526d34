import Common

/// JSON without the blanks between its values.
enum CompactJSON {
    /// - Parameter json: text that a reader has accepted.
    static func of(_ json: some Sequence<UInt8>) -> Bytes {
        var compact = Bytes()
        var (inString, escaped) = (false, false)
        for byte in json {
            if inString {
                if escaped {
                    escaped = false
                } else if byte == UInt8(ascii: "\\") {
                    escaped = true
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
            } else if byte == UInt8(ascii: "\"") {
                inString = true
            } else if byte == 0x20 || (0x09...0x0D).contains(byte) {
                continue
            }
            compact.append(byte)
        }
        return compact
    }
}
