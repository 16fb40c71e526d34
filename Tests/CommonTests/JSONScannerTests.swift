import Testing

@testable import Common

@Suite struct JSONScannerTests {
    /// As many values as there can be for so many bytes: room is made for more than there mostly are, until they fit.
    @Test(arguments: [1, 2, 3, 10, 100, 5000])
    func findsAllOfManyShortValues(_ count: Int) throws {
        let array = try JSONDocument(Bytes("[\(Array(repeating: "1", count: count).joined(separator: ","))]".utf8))
        #expect(array.root.elements.count == count)
        let empty = try JSONDocument(Bytes("[\(Array(repeating: "[]", count: count).joined(separator: ","))]".utf8))
        #expect(empty.root.elements.count == count)
        let names = try JSONDocument(Bytes("{\(Array(repeating: "\"\":1", count: count).joined(separator: ","))}".utf8))
        #expect(names.nodes.count == 1 + 2 * count)
        // More of them than any whole text of that length has.
        #expect(throws: JSONError(fault: .endedEarly, offset: count)) {
            try JSONDocument(Bytes(repeating: UInt8(ascii: "["), count: count), maxDepth: 10_000)
        }
    }

    @Test(arguments: JSONCase.accepted + JSONCase.ownAffairAccepted)
    func accepts(_ text: JSONCase) throws {
        #expect(try !JSONDocument(text.bytes).hasLoneSurrogate)
    }

    @Test(arguments: JSONCase.refused + JSONCase.ownAffairRefused)
    func refuses(_ text: JSONCase) {
        #expect(throws: JSONError.self) { try JSONDocument(text.bytes) }
    }

    @Test(arguments: JSONCase.loneSurrogates)
    func flagsLoneSurrogates(_ text: JSONCase) throws {
        #expect(try JSONDocument(text.bytes).hasLoneSurrogate)
    }

    /// The tables cannot shrink unnoticed: names are unique and there are as many as in the suite.
    @Test func tablesAreWhole() {
        let all = JSONCase.accepted + JSONCase.refused + JSONCase.ownAffairAccepted + JSONCase.loneSurrogates + JSONCase.ownAffairRefused
        #expect(Set(all.map(\.name)).count == all.count)
        #expect(all.count >= 315)
    }

    // MARK: Depth

    @Test(arguments: [
        ("[]", 1, true), ("[]", 0, false), ("1", 0, true), ("[[]]", 1, false), ("[[]]", 2, true), (#"{"a":{}}"#, 1, false),
        (#"{"a":{}}"#, 2, true), ("[[],[],[]]", 2, true), ("[1,[2,[3]]]", 2, false), ("[[1],[[2]]]", 2, false),
    ])
    func nestsUpTo(_ text: String, depth: Int, isTaken: Bool) {
        let taken = (try? JSONDocument(Bytes(text.utf8), maxDepth: depth)) != nil
        #expect(taken == isTaken)
    }

    @Test(arguments: [(64, true), (65, false)])
    func nestsUpToTheDefault(_ depth: Int, isTaken: Bool) {
        let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect(((try? json(text)) != nil) == isTaken)
    }

    // MARK: UTF-8 (Unicode 15, table 3-7)

    @Test(arguments: [
        ("7F", true), ("80", false), ("BF", false), ("C0 80", false), ("C1 BF", false), ("C2 80", true), ("C2 7F", false), ("C2 C0", false),
        ("DF BF", true), ("DF", false), ("E0 9F BF", false), ("E0 A0 80", true), ("E0 BF BF", true), ("E1 80 80", true), ("E1 80", false),
        ("E1 80 7F", false), ("E1 80 C0", false), ("EC BF BF", true), ("ED 80 80", true), ("ED 9F BF", true), ("ED A0 80", false),
        ("ED BF BF", false), ("EE 80 80", true), ("EF BF BF", true), ("F0 8F BF BF", false), ("F0 90 80 80", true), ("F0 BF BF BF", true),
        ("F1 80 80 80", true), ("F1 80 80", false), ("F1 80 80 C0", false), ("F3 BF BF BF", true), ("F4 80 80 80", true),
        ("F4 8F BF BF", true), ("F4 90 80 80", false), ("F5 80 80 80", false), ("F8 88 80 80 80", false), ("FE", false), ("FF", false),
    ])
    func judgesUTF8(_ hex: String, isTaken: Bool) throws {
        let middle = try #require(Hex.decode(hex.utf8.filter { $0 != 0x20 }))
        // In a value, in a key, and cut off by the text's end.
        for (before, after) in [(#"["x"#, #"x"]"#), (#"{""#, #"":1}"#)] {
            #expect(((try? JSONDocument(Bytes(before.utf8) + middle + Bytes(after.utf8))) != nil) == isTaken)
        }
        #expect(throws: JSONError.self) { try JSONDocument(Bytes("\"".utf8) + middle) }
    }

    // MARK: Errors

    @Test(arguments: [
        ("", JSONError.Fault.empty, 0), (" \n", .empty, 2), ("[1] x", .trailing, 4), ("[1", .endedEarly, 2), ("[01]", .unexpected, 2),
        ("[1.x]", .badNumber, 3), ("[\"\u{1}\"]", .badString, 2), ("[[]]", .tooDeep, 1), ("\u{FEFF}{}", .unexpected, 0),
        ("{\"a\" 1}", .unexpected, 5),
    ])
    func saysWhere(_ text: String, fault: JSONError.Fault, offset: Int) {
        #expect(throws: JSONError(fault: fault, offset: offset)) { try JSONDocument(Bytes(text.utf8), maxDepth: 1) }
    }

    /// What a sender may do to a text: cut it anywhere, flip any bit. It may be refused or taken, but every value stays readable.
    /// Strings are read eight bytes at a time: every byte at every place among them.
    @Test func knowsEachByteAtEachPlace() {
        for place in 0..<18 {
            for byte in UInt8.min...UInt8.max {
                var text = Bytes(repeating: UInt8(ascii: "a"), count: 20)
                (text[0], text[19], text[1 + place]) = (0x22, 0x22, byte)
                let isPlain = (0x20..<0x80).contains(byte) && byte != 0x22 && byte != 0x5C
                #expect(((try? JSONDocument(text)) != nil) == isPlain, "\(byte) at \(place)")
            }
        }
    }

    @Test func survivesDamage() throws {
        let whole = Bytes(#"{"a":[1,-2.5e+3,"\ud83d\ude00\n€",{"b":null}],"c":{"d":[true,false,[]]},"é":"x"}"#.utf8)
        var random = Seeded(7)
        for round in 0..<4000 {
            var text = round < whole.count ? Array(whole[..<round]) : whole
            for _ in 0..<(round < whole.count ? 0 : round % 4 + 1) {
                text[Int.random(in: text.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            }
            guard let document = try? JSONDocument(text) else { continue }
            walk(document.root)
            #expect(document.root.value(at: "$.c.d[2]")?.isArray != false)
        }
    }

    private func walk(_ value: JSONValue) {
        _ = (value.string, value.integer, value.double, value.raw.count)
        value.elements.forEach(walk)
        value.forEachMember {
            walk($0); walk($1)
        }
    }
}
