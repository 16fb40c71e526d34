import Foundation

@testable import Common

/// Base 64 and hex give back what they were given, and take few spellings of it.
enum EncodingFuzz {
    static func check(_ input: Bytes) -> String? {
        guard Base64.decode(Base64.encode(input)) == input else { return "base 64 does not give back what it was given" }
        guard Base64.decodeURL(Base64.encodeURL(input)) == input else { return "base 64 for URLs does not give back what it was given" }
        guard Hex.decode(Hex.encode(input)) == input else { return "hex does not give back what it was given" }
        guard Bytes(Data(input).base64EncodedString().utf8) == Base64.encode(input) else { return "Foundation writes other base 64" }
        return spelling(input) ?? number(input)
    }

    private static func spelling(_ text: Bytes) -> String? {
        func bare(_ text: Bytes) -> Bytes { Bytes(text.prefix { $0 != UInt8(ascii: "=") }) }
        if let bytes = Base64.decode(text), bare(Base64.encode(bytes)) != bare(text) { return "base 64 takes a second spelling" }
        if let bytes = Base64.decodeURL(text), Base64.encodeURL(bytes) != bare(text) { return "base 64 for URLs takes a second spelling" }
        if let bytes = Hex.decode(text), Hex.encode(bytes) != text.map(ASCII.lowercased) { return "hex takes a second spelling" }
        // Foundation takes padded text alone.
        let known = String(validating: text, as: UTF8.self).flatMap { Data(base64Encoded: $0) }
        if let bytes = Base64.decode(text), text.count.isMultiple(of: 4), known.map(Bytes.init) != bytes {
            return "Foundation reads other base 64"
        }
        return nil
    }

    private static func number(_ text: Bytes) -> String? {
        guard let number = Int64(decimalDigits: text) else { return nil }
        return Int64(String(decoding: text, as: UTF8.self)) == number ? nil : "a number reads otherwise"
    }
}
