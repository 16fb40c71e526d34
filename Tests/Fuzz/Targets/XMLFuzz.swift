@testable import Common

/// Whatever XML is taken becomes a JSON object, and a text within it is the same text.
enum XMLFuzz {
    static func check(_ input: Bytes) -> String? {
        if let json = XMLText.json(of: input) {
            guard let root = (try? JSONDocument(json, maxDepth: 128))?.root, root.isObject else { return "it becomes no JSON object" }
        }
        let text = String(decoding: input, as: UTF8.self)
        let json = XMLText.json(of: Bytes("<n><k>".utf8) + escaped(text) + Bytes("</k></n>".utf8))
        guard let root = json.flatMap({ try? JSONDocument($0) })?.root else { return "an escaped text is refused" }
        return root["k"]?.string.map { $0.utf8.elementsEqual(text.utf8) } == true ? nil : "an escaped text reads otherwise"
    }

    private static func escaped(_ text: String) -> Bytes {
        text.utf8.flatMap { byte in
            switch byte {
            case UInt8(ascii: "<"): Bytes("&lt;".utf8)
            case UInt8(ascii: ">"): Bytes("&gt;".utf8)
            case UInt8(ascii: "&"): Bytes("&amp;".utf8)
            default: [byte]
            }
        }
    }
}
