import Foundation

@testable import Common

/// As much of JSON Schema as the plugin's files use.
struct SchemaCheck {
    private let schema: JSONDocument

    init(_ name: String) throws { schema = try JSONDocument(Bytes(try Tree.text("wordpress/gatepost/schemas/\(name).json").utf8)) }

    /// What is wrong, with its place.
    func problems(in json: Bytes) -> [String] {
        do throws(JSONError) { return Self.problems(try JSONDocument(json).root, schema.root, "$") } catch { return ["\(error)"] }
    }

    private static func problems(_ value: JSONValue, _ schema: JSONValue, _ place: String) -> [String] {
        var found: [String] = []
        if let type = schema["type"] {
            let allowed = type.isArray ? type.elements.compactMap(\.string) : [type.string ?? ""]
            if !allowed.contains(where: { value.is($0) }) { found.append("\(place) is no \(allowed)") }
        }
        if let allowed = schema["enum"]?.elements.compactMap(\.string), !allowed.contains(value.string ?? "") {
            found.append("\(place) is not in \(allowed)")
        }
        if let text = value.string { found += textProblems(text, schema, place) }
        if value.isArray {
            let elements = value.elements
            if let least = schema["minItems"]?.integer, elements.count < least { found.append("\(place) has fewer than \(least)") }
            if let most = schema["maxItems"]?.integer, elements.count > most { found.append("\(place) has more than \(most)") }
            if let item = schema["items"] { found += elements.flatMap { problems($0, item, "\(place)[]") } }
        }
        if value.isObject {
            for name in schema["required"]?.elements.compactMap(\.string) ?? [] where value[name] == nil {
                found.append("\(place).\(name) is missing")
            }
            schema["properties"]?.forEachMember { name, rule in
                if let name = name.string, let member = value[name] { found += problems(member, rule, "\(place).\(name)") }
            }
        }
        return found
    }

    private static func textProblems(_ text: String, _ schema: JSONValue, _ place: String) -> [String] {
        var found: [String] = []
        let count = text.unicodeScalars.count
        if let least = schema["minLength"]?.integer, count < least { found.append("\(place) is shorter than \(least)") }
        if let most = schema["maxLength"]?.integer, count > most { found.append("\(place) is longer than \(most)") }
        if let pattern = schema["pattern"]?.string, text.range(of: pattern, options: .regularExpression) == nil {
            found.append("\(place) is not like \(pattern)")
        }
        return found
    }
}

extension JSONValue {
    fileprivate func `is`(_ type: String) -> Bool {
        switch type {
        case "object": isObject
        case "array": isArray
        case "null": isNull
        case "string": string != nil
        case "integer": integer != nil
        default: false
        }
    }
}
