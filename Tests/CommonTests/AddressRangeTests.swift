import Testing

@testable import Common

@Suite struct AddressRangeTests {
    @Test(arguments: [
        ("203.0.113.7", "203.0.113.7", true), ("203.0.113.7", "203.0.113.8", false), ("203.0.113.0/24", "203.0.113.255", true),
        ("203.0.113.0/24", "203.0.114.0", false), ("203.0.113.128/25", "203.0.113.127", false), ("0.0.0.0/0", "198.51.100.1", true),
        ("0.0.0.0/0", "2001:db8::1", false), ("203.0.113.7", "::ffff:203.0.113.7", true), ("2001:db8::/32", "2001:db8:1::2", true),
        ("2001:db8::/33", "2001:db8:8000::", false), ("::/0", "203.0.113.7", true), ("::1", "0:0:0:0:0:0:0:1", true),
        ("10.0.0.0/8", "", false), ("10.0.0.0/8", "10.0.0.1 ", false),
    ])
    func contains(_ range: String, _ address: String, _ expected: Bool) throws {
        #expect(try #require(AddressRange(range)).contains(address) == expected)
    }

    @Test(arguments: [
        "", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/", "10.0.0", "10.0.0.0/-1", "10.0.0.0/8/8", "example.com", "::/129", "1.2.3.4/032x",
    ])
    func refuses(_ text: String) { #expect(AddressRange(text) == nil) }
}
