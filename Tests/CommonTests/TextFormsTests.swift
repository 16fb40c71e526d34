import Testing

@testable import Common

/// What is looked for where a text was entered.
@Suite struct TextFormsTests {
    @Test(arguments: [
        ("1042", []), ("cs_test", []), ("Müller", [#"M\u00fcller"#, #"M\u00FCller"#]), ("gid://shop/Order/1", [#"gid:\/\/shop\/Order\/1"#]),
        ("a\"b", [#"a\"b"#]), ("🛒9", [#"\ud83d\uded29"#, #"\uD83D\uDED29"#]), ("Anna@Example.com", ["anna@example.com"]),
        ("ü@x", [#"\u00fc@x"#, #"\u00FC@x"#]), ("#1042", ["1042"]), ("#1", []), ("é", [#"\u00e9"#, #"\u00E9"#]), ("\u{10}1", [#"\u00101"#]),
    ])
    func others(_ text: String, are expected: [String]) {
        let forms = TextForms(text)
        #expect(forms.own == Bytes(text.utf8))
        #expect(forms.others.map { String(decoding: $0, as: UTF8.self) } == expected)
    }
}
