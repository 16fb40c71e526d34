import Testing

@testable import AdminFCGI

@Suite struct ProseTests {
    @Test(arguments: [
        ("", ""), ("see `gatepost status` there", "See [gatepost status] there"), ("`a` b", "[a] b"), ("one ` alone", "One ` alone"),
        ("état", "État"), ("``", ""),
    ])
    func marks(_ text: String, as expected: String) {
        #expect(Prose(text).parts.map { $0.isCode ? "[\($0.text)]" : $0.text }.joined() == expected)
    }

    @Test func goesOnAsItIs() { #expect(Prose("see `a`", goesOn: true).parts.map(\.text) == ["see ", "a"]) }

    @Test(arguments: [
        ("checkout.session.completed", ["checkout.", "session.", "completed"]), ("push", ["push"]), ("", []), ("a.", ["a."]),
        ("signature_wrong", ["signature_", "wrong"]),
    ])
    func breaks(_ name: String, into expected: [String]) { #expect(BreakableName.pieces(name) == expected) }
}
