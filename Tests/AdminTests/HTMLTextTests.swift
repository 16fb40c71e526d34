import Testing

@testable import AdminFCGI

@Suite struct HTMLTextTests {
    @Test(arguments: [
        ("plain", "plain"), ("<b>&'\"", "&lt;b&gt;&amp;&#39;&quot;"),
        // One character to Swift, a quote and an accent to a browser.
        ("\"\u{301} onfocus=", "&quot;\u{301} onfocus="), ("<\u{200D}", "&lt;\u{200D}"),
        ("a\r\nb\tc", "a\u{FFFD}\nb\tc"), ("\0\u{1B}[31m\u{85}", "\u{FFFD}\u{FFFD}[31m\u{FFFD}"), ("Ü 家", "Ü 家"),
    ])
    func escapes(_ text: String, as expected: String) {
        #expect(HTMLText.escaped(text).unicodeScalars.elementsEqual(expected.unicodeScalars))
    }

    @Test func everyTemplateEscapesSo() {
        var request = PageRequest()
        request.user = "\"\u{301}<script>"
        let frame = Frame("<title>\u{301}", in: .overview, for: request, now: .init(milliseconds: 0))
        for (name, _) in Templates.all {
            let text = String(decoding: Templates.render(name, Document(frame: frame, page: [String: String]())), as: UTF8.self)
            #expect(
                !text.contains("<script>") && !text.unicodeScalars.contains { $0 == "\u{301}" } || text.contains("&quot;\u{301}&lt;script"))
            #expect(!text.contains("<title>\u{301}"), "\(name)")
        }
    }
}
