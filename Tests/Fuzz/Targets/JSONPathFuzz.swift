@testable import Common

/// A line with a path, then a document: nothing found lies outside of it, and each value is found by the way that leads to it.
enum JSONPathFuzz {
    /// Values of one document that are looked for; a long one takes its time.
    private static let mostValues = 64

    static func check(_ input: Bytes) -> String? {
        var input = FuzzInput(input)
        let path = JSONPath(input.text())
        guard let document = try? JSONDocument(input.remainder()) else { return nil }
        if let path, let found = document.root.value(at: path) {
            let (outer, inner) = (document.root.range, found.range)
            guard outer.lowerBound <= inner.lowerBound, inner.upperBound <= outer.upperBound else { return "found outside of the document" }
        }
        var left = mostValues
        return missing(below: document.root, at: "$", in: document.root, &left)
    }

    private static func missing(below value: JSONValue, at path: String, in root: JSONValue, _ left: inout Int) -> String? {
        left -= 1
        guard left > 0, let read = JSONPath(path) else { return left > 0 ? "not a path: \(path)" : nil }
        guard root.value(at: read)?.range == value.range else { return "not found at \(path)" }
        for (place, element) in value.elements.enumerated() where place < 1_000_000 {
            if let fault = missing(below: element, at: "\(path)[\(place)]", in: root, &left) { return fault }
        }
        for (name, member) in JSONFuzz.members(value) where !name.isEmpty && !name.utf8.contains(UInt8(ascii: "'")) {
            // Of a name that stands twice the last counts; half a surrogate pair has no name of its own.
            guard value[name]?.range == member.range else { continue }
            if let fault = missing(below: member, at: "\(path)['\(name)']", in: root, &left) { return fault }
        }
        return nil
    }
}
