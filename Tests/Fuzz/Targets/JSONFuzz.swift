import Foundation

@testable import Common

/// The scanner takes exactly what the grammar has, agrees with Foundation on what that says, and it is the same after it was written anew.
enum JSONFuzz {
    static func check(_ input: Bytes) -> String? {
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(input)
        } catch {
            return error.fault != .tooDeep && JSONGrammar.has(input) ? "refused, and the grammar has it: \(error)" : nil
        }
        guard JSONGrammar.has(input) else { return "accepted, and the grammar does not have it" }
        guard covers(document) else { return "the root does not cover the text" }
        guard let again = try? JSONDocument(written(document.root)) else { return "written anew it is no JSON" }
        guard same(document.root, again.root) else { return "written anew it is another value" }
        return repaired(document) ?? compared(document)
    }

    /// Foundation reads other encodings too, and tells them by a byte order mark or by where a NUL stands.
    private static func isOtherUnicode(_ input: Bytes) -> Bool { input.prefix(4).contains { $0 == 0 || $0 >= 0xEF } }

    private static func reference(_ input: Bytes) -> Any? {
        try? JSONSerialization.jsonObject(with: Data(input), options: [.fragmentsAllowed])
    }

    private static func covers(_ document: JSONDocument) -> Bool {
        let blanks = Set(" \t\r\n".utf8)
        let range = document.root.range
        return document.bytes[..<range.lowerBound].allSatisfy(blanks.contains)
            && document.bytes[range.upperBound...].allSatisfy(blanks.contains)
    }

    static func written(_ value: JSONValue) -> Bytes {
        if let text = value.string { return JSONText.quoted(text) }
        if value.isArray { return Bytes("[".utf8) + value.elements.map(written).joined(separator: Bytes(",".utf8)) + Bytes("]".utf8) }
        guard value.isObject else { return Bytes(value.raw) }
        var members: [Bytes] = []
        value.forEachMember { members.append(JSONText.quoted($0.string ?? "") + Bytes(":".utf8) + written($1)) }
        return Bytes("{".utf8) + members.joined(separator: Bytes(",".utf8)) + Bytes("}".utf8)
    }

    /// Member for member, as text.
    static func same(_ left: JSONValue, _ right: JSONValue) -> Bool {
        if let text = left.string { return right.string.map { $0.utf8.elementsEqual(text.utf8) } ?? false }
        if left.isArray {
            return right.isArray && left.elements.count == right.elements.count && zip(left.elements, right.elements).allSatisfy(same)
        }
        guard left.isObject else { return left.raw.elementsEqual(right.raw) }
        let (mine, others) = (members(left), members(right))
        return right.isObject && mine.count == others.count
            && zip(mine, others).allSatisfy { $0.name.utf8.elementsEqual($1.name.utf8) && same($0.value, $1.value) }
    }

    static func members(_ value: JSONValue) -> [(name: String, value: JSONValue)] {
        var members: [(String, JSONValue)] = []
        value.forEachMember { members.append(($0.string ?? "", $1)) }
        return members
    }

    private static func repaired(_ document: JSONDocument) -> String? {
        guard let repaired = try? JSONDocument(JSONText.repairSurrogates(in: document.bytes)) else { return "repaired it is no JSON" }
        guard !repaired.hasLoneSurrogate else { return "repaired it has half a surrogate pair" }
        return same(document.root, repaired.root) ? nil : "repaired it is another value"
    }

    private static func compared(_ document: JSONDocument) -> String? {
        guard !document.hasLoneSurrogate, !isOtherUnicode(document.bytes), let reference = reference(document.bytes) else { return nil }
        return agrees(document.root, reference) ? nil : "Foundation reads another value"
    }

    /// Numbers roughly: how exactly a long one is kept is each reader's own affair.
    private static func agrees(_ value: JSONValue, _ other: Any) -> Bool {
        if let text = value.string { return (other as? String).map { $0.utf8.elementsEqual(text.utf8) } ?? false }
        if value.isNull { return other is NSNull }
        if value.isArray {
            guard let other = other as? [Any], other.count == value.elements.count else { return false }
            return zip(value.elements, other).allSatisfy(agrees)
        }
        guard value.isObject else {
            guard let number = value.double, let other = other as? NSNumber else { return other is NSNumber }
            return abs(number - other.doubleValue) <= abs(number) * 1e-9
        }
        guard let other = other as? [String: Any] else { return false }
        // Swift's dictionary takes two canonically equivalent names for one, so a name is looked up where it stands alone.
        let members = members(value)
        return members.count != other.count || members.allSatisfy { name, value in other[name].map { agrees(value, $0) } ?? false }
    }
}
