import Common

/// One property that holds of every input, however it was made.
struct FuzzTarget: Sendable {
    let name: String
    /// What does not hold of this input; nil where all does. A trap is a finding as well.
    let check: @Sendable (Bytes) -> String?

    static let all: [FuzzTarget] = [
        FuzzTarget(name: "json", check: JSONFuzz.check),
        FuzzTarget(name: "jsonpath", check: JSONPathFuzz.check),
        FuzzTarget(name: "form", check: FormFuzz.check),
        FuzzTarget(name: "xml", check: XMLFuzz.check),
        FuzzTarget(name: "encoding", check: EncodingFuzz.check),
        FuzzTarget(name: "time", check: TimeFuzz.check),
        FuzzTarget(name: "url", check: URLFuzz.check),
        FuzzTarget(name: "head", check: HeadFuzz.check),
        FuzzTarget(name: "signatures", check: SignaturesFuzz.check),
        FuzzTarget(name: "token", check: TokenFuzz.check),
        FuzzTarget(name: "reading", check: ReadingFuzz.check),
        FuzzTarget(name: "verify", check: VerifyFuzz.check),
        FuzzTarget(name: "sign", check: SignFuzz.check),
        FuzzTarget(name: "forge", check: ForgeFuzz.check),
    ]
}

/// An input taken apart from the front. What is not there reads as nothing, so that every input means something.
struct FuzzInput {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: Bytes) { rest = bytes[...] }

    var isEmpty: Bool { rest.isEmpty }

    /// From one byte; `bound` is at most 256.
    mutating func number(below bound: Int) -> Int { Int(rest.popFirst() ?? 0) % bound }

    /// From two bytes.
    mutating func place(in count: Int) -> Int { count == 0 ? 0 : (number(below: 256) << 8 | number(below: 256)) % count }

    /// Up to the next `stop`, which is taken too.
    mutating func bytes(until stop: UInt8 = 0x0A) -> Bytes {
        let taken = rest.prefix { $0 != stop }
        rest = rest.dropFirst(taken.count + 1)
        return Bytes(taken)
    }

    mutating func text(until stop: UInt8 = 0x0A) -> String { String(decoding: bytes(until: stop), as: UTF8.self) }

    mutating func remainder() -> Bytes {
        defer { rest = [] }
        return Bytes(rest)
    }
}
