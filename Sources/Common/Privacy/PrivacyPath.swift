/// Which values of an event a privacy rule is about: `$`, then `.name`, `['name']`, `[2]`, `.*` or `[*]` (each member or element), or
/// `..name` (that member wherever it stands below).
public struct PrivacyPath: Sendable, Hashable, CustomStringConvertible {
    enum Step: Sendable, Hashable {
        case name(Bytes)
        case place(Int)
        case any
        case deep(Bytes)
    }

    public let description: String
    let steps: [Step]

    public init?(_ text: String) {
        guard text.utf8.first == UInt8(ascii: "$"), text.utf8.count <= 500 else { return nil }
        var rest = Bytes(text.utf8)[1...]
        var steps: [Step] = []
        while !rest.isEmpty {
            guard let step = Self.step(&rest) else { return nil }
            steps.append(step)
        }
        guard !steps.isEmpty else { return nil }
        description = text
        self.steps = steps
    }

    private static func step(_ rest: inout ArraySlice<UInt8>) -> Step? {
        if rest.starts(with: "..".utf8) {
            rest = rest.dropFirst(2)
            return name(&rest).map { .deep($0) }
        }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            return name(&rest).map { $0 == [UInt8(ascii: "*")] ? .any : .name($0) }
        }
        guard rest.popFirst() == UInt8(ascii: "["), let end = rest.firstIndex(of: UInt8(ascii: "]")) else { return nil }
        let inner = rest[..<end]
        rest = rest[(end + 1)...]
        if inner.elementsEqual("*".utf8) { return .any }
        if let place = Int64(decimalDigits: inner), place < 1_000_000 { return .place(Int(place)) }
        guard inner.count > 2, inner.first == UInt8(ascii: "'"), inner.last == UInt8(ascii: "'") else { return nil }
        return .name(Bytes(inner.dropFirst().dropLast()))
    }

    private static func name(_ rest: inout ArraySlice<UInt8>) -> Bytes? {
        let name = rest.prefix { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "[") }
        rest = rest.dropFirst(name.count)
        return name.isEmpty ? nil : Bytes(name)
    }
}
