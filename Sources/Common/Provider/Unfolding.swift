/// A post whose events lie in arrays within arrays: each event becomes the post with those arrays cut down to one element.
enum Unfolding {
    /// One over what ingest takes, so that it sees that there are too many.
    private static let mostEvents = 1001
    /// What the copies of the envelope may come to.
    private static let mostBytes = 16 << 20

    /// Nil for more than we copy, or where an element is no object.
    static func events(in document: JSONDocument, _ paths: [JSONPath]) -> [JSONValue]? {
        var documents = [document]
        for (depth, path) in paths.enumerated() {
            var next: [JSONDocument] = []
            var bytes = 0
            for document in documents {
                guard let array = document.root.value(at: path), array.isArray, depth == 0 || !array.elements.isEmpty else {
                    next.append(document)
                    continue
                }
                for element in array.elements where next.count < mostEvents {
                    let text = cut(document, array, to: element)
                    bytes += text.count
                    guard element.isObject, bytes <= mostBytes, let event = try? JSONDocument(text) else { return nil }
                    next.append(event)
                }
            }
            documents = next
        }
        return documents.map(\.root)
    }

    private static func cut(_ document: JSONDocument, _ array: JSONValue, to element: JSONValue) -> Bytes {
        let (opening, closing) = (UInt8(ascii: "["), UInt8(ascii: "]"))
        return document.root.raw.prefix(upTo: array.range.lowerBound) + [opening] + element.raw + [closing]
            + document.root.raw.suffix(from: array.range.upperBound)
    }
}
