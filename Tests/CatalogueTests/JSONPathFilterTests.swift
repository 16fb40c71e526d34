import Testing

@testable import Common

@Suite struct JSONPathFilterTests {
    @Test(arguments: [
        ("$['data[email]']", #"{"data[email]":"a@b.c"}"#, "a@b.c"),
        ("$.a[?@.type=='email'].email", #"{"a":[{"type":"text"},{"type":"email","email":"x"},{"type":"email","email":"y"}]}"#, "x"),
        ("$.d.list[?@.id==$.d.primary].mail", #"{"d":{"primary":"2","list":[{"id":"1","mail":"no"},{"id":"2","mail":"yes"}]}}"#, "yes"),
        ("$.d.list[?@.id==$.d.primary].mail", #"{"d":{"primary":null,"list":[{"id":null,"mail":"no"}]}}"#, nil),
        ("$.d.list[?@.id==$.d.primary].mail", #"{"d":{"list":[{"mail":"no"}]}}"#, nil),
        ("$.a[?@.type=='email'].email", #"{"a":{"type":"email","email":"x"}}"#, nil),
        ("$.a[?@.n=='1'].v", #"{"a":[{"n":1,"v":2}]}"#, "2"),
    ])
    func picks(path: String, of json: String, text: String?) throws {
        let root = try JSONDocument(Bytes(json.utf8)).root
        let path = try #require(JSONPath(path))
        #expect(root.firstText(at: [path]) == text)
    }

    @Test(arguments: ["$['']", "$['a'", "$['a", "$[?]", "$[?@.a]", "$[?@.=='x']", "$[?@.a=='x'", "$[?@.a==b]", "$[?@.a==$]", "$[?@.a=='x]"])
    func refuses(path: String) { #expect(JSONPath(path) == nil) }
}
