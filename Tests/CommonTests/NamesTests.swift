import Testing

@testable import Common

@Suite struct NamesTests {
    @Test(arguments: [
        ("a", true), ("stripe", true), ("hub-spot-3", true), ("-", true), ("0", true), (String(repeating: "a", count: 40), true),
        (String(repeating: "a", count: 41), false), ("", false), ("A", false), ("a_b", false), ("a.b", false), ("a b", false),
        ("a/b", false),
        ("é", false), ("a\u{0}", false), ("a\n", false), ("ａ", false), ("a:b", false), ("%61", false),
    ])
    func sourceNames(_ text: String, isName: Bool) { #expect((SourceName(text) != nil) == isName) }

    @Test(arguments: [
        ("a", true), ("A", true), ("9", true), ("acme.example_shop-2", true), (String(repeating: "a", count: 64), true),
        (String(repeating: "a", count: 65), false), ("", false), (".", false), ("..", false), (".a", false), ("-a", false), ("_a", false),
        ("a:b", false), ("a,b", false), ("a/b", false), ("a b", false), ("é", false), ("aé", false), ("a\u{0}", false), ("a\n", false),
    ])
    func tenantNames(_ text: String, isName: Bool) { #expect((TenantName(text) != nil) == isName) }

    @Test(arguments: [("hub-spot", "HUB_SPOT"), ("stripe", "STRIPE"), ("a1", "A1")] as [(SourceName, String)])
    func sourcesInEnvironment(_ name: SourceName, expected: String) { #expect(name.environmentSuffix == expected) }

    @Test(arguments: [("acme.Shop-2", "ACME_SHOP_2"), ("a_b", "A_B"), ("9", "9")] as [(TenantName, String)])
    func tenantsInEnvironment(_ name: TenantName, expected: String) { #expect(name.environmentSuffix == expected) }
}

@Suite struct EventPatternTests {
    @Test(arguments: [
        ("*", "", true), ("*", "anything.at.all", true), ("", "", true), ("", "a", false), ("a", "a", true), ("a", "ab", false),
        ("a", "ba", false), ("customer.*", "customer.created", true), ("customer.*", "customer.", true), ("customer.*", "customer", false),
        ("customer.*", "xcustomer.created", false), ("*.created", "customer.created", true), ("*.created", ".created", true),
        ("*.created", "created", false), ("*.created", "customer.created.x", false), ("a*a", "a", false), ("a*a", "aa", true),
        ("a*a", "aba", true), ("a*b*c", "abc", true), ("a*b*c", "axxbyyc", true), ("a*b*c", "acb", false), ("a*b*c", "abbc", true),
        ("a*bc*c", "abc", false), ("a*bc*c", "abcc", true), ("ab*ba", "aba", false), ("ab*ba", "abba", true), ("**", "", true),
        ("a**b", "ab", true), ("a**b", "axb", true), ("*x*", "x", true), ("*x*", "axb", true), ("*x*", "ab", false),
        ("*aab*", "aaab", true), ("*ab*ab*", "ab", false), ("*ab*ab*", "xabyabz", true), ("a.c", "abc", false), ("A", "a", false),
        ("é*", "éa", true), ("*🙂", "a🙂", true),
    ])
    func matches(_ pattern: String, type: String, isMatch: Bool) { #expect(EventPattern(pattern).matches(type) == isMatch) }

    /// Against the plain definition, over a small alphabet where every trap is near.
    @Test func agreesWithTheDefinition() {
        func plain(_ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>) -> Bool {
            guard let first = pattern.first else { return text.isEmpty }
            if first == "*" { return (0...text.count).contains { plain(pattern.dropFirst(), text.dropFirst($0)) } }
            return text.first == first && plain(pattern.dropFirst(), text.dropFirst())
        }
        var random = Seeded(6)
        for _ in 0..<5000 {
            let pattern = (0..<Int.random(in: 0...6, using: &random)).map { _ in Array("ab**")[Int.random(in: 0..<4, using: &random)] }
            let type = (0..<Int.random(in: 0...7, using: &random)).map { _ in Array("ab")[Int.random(in: 0..<2, using: &random)] }
            #expect(
                EventPattern(String(pattern)).matches(String(type)) == plain(pattern[...], type[...]), "\(String(pattern)) \(String(type))")
        }
    }
}
