@testable import Common
@testable import IngestFCGI

/// `NAME=value` with NUL between, as the web server hands a request over: bounded, and kept as JSON.
enum HeadFuzz {
    static func check(_ input: Bytes) -> String? {
        var input = FuzzInput(input)
        var parameters: [(name: Bytes, value: Bytes)] = []
        while !input.isEmpty {
            var pair = FuzzInput(input.bytes(until: 0))
            parameters.append((pair.bytes(until: UInt8(ascii: "=")), pair.remainder()))
        }
        let head = RequestHead(parameters: parameters, newID: { "made-here" })
        guard head.headers.fields.count <= RequestHead.mostHeaderFields + 1 else { return "too many header fields" }
        guard (8...64).contains(head.requestID.utf8.count) else { return "request id \(head.requestID)" }
        guard MediaType.name(of: head.mediaType) == head.mediaType else { return "the media type's name has another name" }
        if let source = head.source, SourceName(source) == nil { return "no source's name: \(source)" }
        return kept(head.headers)
    }

    private static func kept(_ headers: HeaderFields) -> String? {
        let secret = ["authorization", "cookie"]
        let json = headers.json(without: secret)
        guard let root = (try? JSONDocument(json))?.root, root.isObject else { return "header fields are no JSON" }
        let read = HeaderFields(json: String(decoding: json, as: UTF8.self)).fields
        let expected = headers.fields.map { (text($0.name), text($0.value)) }.filter {
            !secret.contains(String(decoding: $0.0, as: UTF8.self))
        }
        guard read.count == expected.count, zip(read, expected).allSatisfy({ $0.name == $1.0 && $0.value == $1.1 }) else {
            return "header fields read again are others"
        }
        return nil
    }

    /// What is not UTF-8 is kept as U+FFFD.
    private static func text(_ bytes: Bytes) -> Bytes { Bytes(String(decoding: bytes, as: UTF8.self).utf8) }
}
