/// What systems on the way keep of a trace, as the header `tracestate` has it; handed on as it came:
/// https://www.w3.org/TR/trace-context/#tracestate-header
public struct Tracestate: Sendable, Equatable, CustomStringConvertible {
    private static let mostMembers = 32
    /// More need not be handed on.
    private static let mostBytes = 512
    /// Longer ones go first where that is too much.
    private static let longMember = 128

    private var members: [String]

    public var description: String { members.joined(separator: ",") }

    /// Nil where there is nothing to hand on, or something in it is not as it should be: then all of it is to be ignored.
    /// - Parameter fields: the header's lines, in the order they came.
    public init?(_ fields: [Bytes]) {
        guard fields.reduce(0, { $0 + $1.count }) <= 8192 else { return nil }
        var keys: Set<String> = []
        members = []
        for part in fields.flatMap({ $0.split(separator: UInt8(ascii: ",")) }) {
            let member = ASCII.trimmed(part)
            if member.isEmpty { continue }
            guard let sign = member.firstIndex(of: UInt8(ascii: "=")), Self.isKey(member[..<sign]),
                Self.isValue(member[member.index(after: sign)...]),
                keys.insert(String(decoding: member[..<sign], as: UTF8.self)).inserted, members.count < Self.mostMembers
            else { return nil }
            members.append(String(decoding: member, as: UTF8.self))
        }
        guard !members.isEmpty else { return nil }
        shorten()
        if members.isEmpty { return nil }
    }

    private mutating func shorten() {
        while description.utf8.count > Self.mostBytes {
            members.remove(at: members.lastIndex { $0.utf8.count > Self.longMember } ?? members.count - 1)
        }
    }

    /// 1 to 256 of `a-z`, `0-9`, `_`, `-`, `*`, `/`, `@`, beginning with a letter or digit.
    private static func isKey(_ key: ArraySlice<UInt8>) -> Bool {
        guard (1...256).contains(key.count), let first = key.first, isLetterOrDigit(first) else { return false }
        return key.allSatisfy { isLetterOrDigit($0) || "_-*/@".utf8.contains($0) }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool { ASCII.isDigit(byte) || (0x61...0x7A).contains(byte) }

    /// 1 to 256 of what can be printed, without `,` and `=`.
    private static func isValue(_ value: ArraySlice<UInt8>) -> Bool {
        (1...256).contains(value.count) && value.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "=") }
    }
}

extension Tracestate {
    /// Of a sender whose trace goes on; without his `traceparent` it says nothing.
    public init?(_ headers: HeaderFields, behind parent: Traceparent?) {
        guard parent != nil else { return nil }
        self.init(headers.values(of: "tracestate"))
    }
}
