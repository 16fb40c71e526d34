import Testing

@testable import Common
@testable import GatepostCLI

@Suite struct OutputTests {
    private var table: Table {
        var table = Table(["ID", "TYPE"])
        table.add(["1", "customer.created"])
        table.add(["1234", nil])
        table.add(["12", ""])
        return table
    }

    @Test func alignsColumns() {
        #expect(table.lines(width: nil) == ["ID    TYPE", "1     customer.created", "1234  -", "12"])
    }

    @Test(arguments: [(22, "1     customer.created"), (21, "1     customer.creat…"), (1, "…"), (0, "…")])
    func cutsToWidth(_ width: Int, _ line: String) { #expect(table.lines(width: width)[1] == line) }

    @Test func keepsStrangersFromTheTerminal() {
        var table = Table([])
        table.add(["a\u{1B}[31mb\nc\u{202E}d", "Ødegård"])
        #expect(table.lines(width: nil) == ["a?[31mb?c?d  Ødegård"])
    }

    @Test(arguments: [
        (0, "0 s ago"), (59_999, "59 s ago"), (60_000, "1 min ago"), (3_599_000, "59 min ago"), (3_600_000, "1 h ago"),
        (172_799_000, "47 h ago"), (172_800_000, "2 d ago"), (-5000, "in 5 s"),
    ])
    func saysAge(_ milliseconds: Int64, _ text: String) {
        #expect(Age.text(of: noon, now: Timestamp(milliseconds: noon.milliseconds + milliseconds)) == text)
    }

    @Test(arguments: [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1_048_576, "1.0 MiB"), (2_254_857_830, "2.0 GiB")])
    func saysSize(_ bytes: Int, _ text: String) { #expect(ByteCount.text(bytes) == text) }

    @Test(arguments: [
        ("{}", "{}"), ("[ ]", "[]"), (#"{"b":1.50e3,"a":[true,null]}"#, "{\n  \"b\": 1.50e3,\n  \"a\": [\n    true,\n    null\n  ]\n}"),
        (#""a/\"\u001b""#, #""a/\"\u001b""#), ("\"\u{9B}31m\u{202E}\"", #""\u009b31m\u202e""#), (#""\n""#, #""\u000a""#),
    ])
    func printsJSON(_ text: String, as expected: String) throws {
        let tree = JSONTree(try JSONDocument(Bytes(text.utf8)).root)
        #expect(tree.text == expected)
        #expect(JSONTree(try JSONDocument(Bytes(tree.text.utf8)).root) == tree)
    }
}
