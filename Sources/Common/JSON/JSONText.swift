/// A string's two forms: as text, and as it stands between quotes in JSON.
public enum JSONText {
    /// Resolves the escapes of a string that the scanner has accepted.
    static func unescape(_ content: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var text = Bytes()
        text.reserveCapacity(content.count)
        var at = content.startIndex
        while at < content.endIndex {
            guard content[at] == UInt8(ascii: "\\") else {
                text.append(content[at])
                at += 1
                continue
            }
            let letter = content[at + 1]
            at += 2
            switch letter {
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "u"): text += Array(String(scalar(in: content, at: &at)).utf8)
            default: text.append(letter)
            }
        }
        return text[...]
    }

    private static func scalar(in content: ArraySlice<UInt8>, at: inout Int) -> Character {
        let high = unit(in: content, at: at)
        at += 4
        guard high & 0xFC00 == 0xD800, at + 5 < content.endIndex,
            content[at] == UInt8(ascii: "\\"), content[at + 1] == UInt8(ascii: "u")
        else { return Character(Unicode.Scalar(high) ?? "\u{FFFD}") }
        let low = unit(in: content, at: at + 2)
        guard low & 0xFC00 == 0xDC00 else { return "\u{FFFD}" }
        at += 6
        let code = 0x10000 + (UInt32(high & 0x3FF) << 10 | UInt32(low & 0x3FF))
        return Character(Unicode.Scalar(code) ?? "\u{FFFD}")
    }

    private static func unit(in content: ArraySlice<UInt8>, at start: Int) -> UInt16 {
        content[start..<start + 4].reduce(0) { $0 << 4 | UInt16(Hex.value(of: $1) ?? 0) }
    }

    /// Appends `text` between quotes, with the escapes that RFC 8259, section 7, asks for.
    public static func append(_ text: some Sequence<UInt8>, to json: inout Bytes) {
        guard text.withContiguousStorageIfAvailable({ append(runs: $0, to: &json) }) == nil else { return }
        Array(text).withUnsafeBufferPointer { append(runs: $0, to: &json) }
    }

    private static func append(runs text: UnsafeBufferPointer<UInt8>, to json: inout Bytes) {
        json.append(atMost: text.count + escapes(in: text) * 5 + 2) { $0.append(quoted: text) }
    }

    /// How many bytes of it need an escape.
    static func escapes(in text: UnsafeBufferPointer<UInt8>) -> Int {
        guard let base = text.baseAddress else { return 0 }
        var count = 0
        var at = PlainRun.end(base, from: 0, to: text.count, asciiOnly: false)
        while at < text.count {
            count += 1
            at = PlainRun.end(base, from: at + 1, to: text.count, asciiOnly: false)
        }
        return count
    }

    public static func quoted(_ text: String) -> Bytes {
        var json = Bytes()
        append(text.utf8, to: &json)
        return json
    }
}

extension JSONText {
    /// Replaces each escape of half a surrogate pair by that of U+FFFD; PHP refuses a whole text for one such half.
    /// - Parameter json: text that the scanner has accepted.
    static func repairSurrogates(in json: Bytes) -> Bytes {
        var repaired = json
        var at = 0
        while at + 1 < repaired.count {
            guard repaired[at] == UInt8(ascii: "\\") else {
                at += 1
                continue
            }
            guard repaired[at + 1] == UInt8(ascii: "u") else {
                at += 2
                continue
            }
            let first = unit(in: repaired[...], at: at + 2)
            let pairFollows =
                at + 11 < repaired.count && repaired[at + 6] == UInt8(ascii: "\\") && repaired[at + 7] == UInt8(ascii: "u")
                && unit(in: repaired[...], at: at + 8) & 0xFC00 == 0xDC00
            if first & 0xFC00 == 0xD800, pairFollows {
                at += 12
            } else {
                if first & 0xF800 == 0xD800 { repaired.replaceSubrange(at + 2..<at + 6, with: "fffd".utf8) }
                at += 6
            }
        }
        return repaired
    }
}
