import Testing

@testable import AdminFCGI

@Suite struct PageFieldsTests {
    @Test(arguments: [
        ("", []), ("a=1&b=2", ["a=1", "b=2"]), ("a", ["a="]), ("a=b=c", ["a=b=c"]), ("a=%2B+%20x", ["a=+  x"]), ("a=%", ["a=%"]),
        ("a=%4", ["a=%4"]), ("a=%zz", ["a=%zz"]), ("a=%C3%BC", ["a=ü"]), ("a=%FF", ["a=\u{FFFD}"]), ("a=1&a=2", ["a=1", "a=2"]),
    ])
    func reads(_ text: String, as expected: [String]) {
        #expect(PageFields(encoded: text).pairs.map { "\($0.name)=\($0.value)" } == expected)
    }

    @Test func endsSomewhere() {
        #expect(PageFields(encoded: String(repeating: "a=1&", count: 5000)).pairs.count == 1000)
    }

    @Test(arguments: ["", "a b&c=d", "ü%+/?#", "\"<>'"])
    func writesWhatItReads(_ value: String) {
        let fields = PageFields([("q", value), ("other", "1")])
        #expect(PageFields(encoded: fields.encoded)["other"] == "1")
        #expect(PageFields(encoded: fields.encoded).all("q").first ?? "" == value)
    }

    @Test func linksWithOneValueChanged() {
        let fields = PageFields(encoded: "status=failed&before=x&tenant=acme")
        #expect(fields.with("before", nil).link("/admin/events") == "/admin/events?status=failed&tenant=acme")
        #expect(fields.with("before", "y")["before"] == "y")
    }
}
