import Testing

@testable import Common

@Suite struct TracestateTests {
    private static let parent = Traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    private static let key256 = String(repeating: "k", count: 256)
    private static func members(_ count: Int) -> String { (0..<count).map { "k\($0)=v" }.joined(separator: ",") }

    @Test(
        arguments: [
            (["rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"], "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"), (["a=1", "b=2"], "a=1,b=2"),
            (["a=1 , b=2"], "a=1,b=2"), (["a=1,,b=2,"], "a=1,b=2"), (["fw529a3039@dt=FfAAA"], "fw529a3039@dt=FfAAA"),
            (["0a=x y"], "0a=x y"),
            (["\(key256)=v"], "\(key256)=v"), ([members(32)], members(32)),
            // Broken, so that nothing of it counts.
            (["a=1,a=2"], nil), (["A=1"], nil), (["a"], nil), (["a="], nil), (["=1"], nil), (["a=1=2"], nil), (["a=\u{7F}"], nil),
            (["a=1\r\nX-Evil: 1"], nil), (["a=ä"], nil), (["_a=1"], nil), (["k\(key256)=v"], nil), (["a=" + key256 + "k"], nil),
            ([members(33)], nil), ([""], nil), ([","], nil), ([], nil), ([String(repeating: "a=1,", count: 3000)], nil),
        ] as [([String], String?)])
    func reads(_ fields: [String], as expected: String?) {
        #expect(Tracestate(fields.map { Bytes($0.utf8) })?.description == expected)
    }

    /// Members of more than 128 bytes go first, then the last ones.
    @Test func isCutAtWholeMembers() throws {
        let long = "long=" + String(repeating: "x", count: 200)
        let short = (0..<9).map { "s\($0)=" + String(repeating: "y", count: 50) }
        let text = ([short[0], long] + short.dropFirst()).joined(separator: ",")
        let kept = try #require(Tracestate([Bytes(text.utf8)])?.description)
        #expect(kept == short.joined(separator: ",") && kept.utf8.count <= 512)
        let many = (0..<20).map { "s\($0)=" + String(repeating: "y", count: 50) }
        let cut = try #require(Tracestate([Bytes(many.joined(separator: ",").utf8)])?.description)
        #expect(cut == many.prefix(9).joined(separator: ","))
        #expect(
            Tracestate([Bytes((long + ",k=" + String(repeating: "z", count: 250) + ",m=" + String(repeating: "z", count: 250)).utf8)])
                != nil)
    }

    @Test func saysNothingWithoutATrace() {
        let headers = HeaderFields([("tracestate", "a=1")])
        #expect(Tracestate(headers, behind: Self.parent)?.description == "a=1")
        #expect(Tracestate(headers, behind: nil) == nil)
        #expect(Tracestate(HeaderFields(), behind: Self.parent) == nil)
    }
}
