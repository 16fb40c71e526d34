import Testing

@testable import Common

@Suite struct AddressesTests {
    @Test(arguments: [
        ("", ""), ("no address", "no address"), ("no user anna@example.com here", "no user …@… here"),
        ("a.b+c@sub.example.co.uk", "…@…"), ("<x@y.de>, \"z@y.de\"", "<…@…>, \"…@…\""), ("@media", "@media"),
        ("user@localhost", "user@localhost"),
        ("a@b@c.d", "a@b@c.d"), ("ends in @", "ends in @"), ("jürgen@käse.example", "…@…"),
    ])
    func leavesThemOut(_ text: String, rest: String) { #expect(text.withoutAddresses == rest) }
}
