import Testing

@testable import Common

@Suite struct JSONValueTests {
    @Test(arguments: [
        (#"{"a":1,"a":2}"#, "a", "2"),  // the last one counts
        (#"{"a":1,"\u0061":2}"#, "a", "2"),  // however it is written
        (#"{"\u0061":1,"a":2}"#, "a", "2"),
        (#"{"a":{"a":9},"b":2}"#, "a", #"{"a":9}"#),
        (#"{"x":{"a":1}}"#, "a", nil),  // not a grandchild's
        (#"{"x":"a","y":1}"#, "a", nil),  // not a value
        (#"{"":1}"#, "", "1"),
        (#"{"é":1}"#, "é", "1"),
        (#"{"e\u0301":1}"#, "é", nil),  // bytes are compared, not what looks the same
        (#"{"a\"b":1}"#, "a\"b", "1"),
        (#"{"a\/b":1}"#, "a/b", "1"),
        (#"{"a\u0000b":1}"#, "a\0b", "1"),
        (#"{"\ud83d\ude00":1}"#, "😀", "1"),
        (#"[1]"#, "a", nil), (#""a""#, "a", nil), (#"{}"#, "a", nil),
    ])
    func findsMembers(_ text: String, key: String, expected: String?) throws {
        #expect(try json(text)[key].map { String(decoding: $0.raw, as: UTF8.self) } == expected)
    }

    @Test(arguments: [
        ("[1,[2,3],4]", 0, "1"), ("[1,[2,3],4]", 1, "[2,3]"), ("[1,[2,3],4]", 2, "4"), ("[1,[2,3],4]", 3, nil), ("[1]", -1, nil),
        ("[]", 0, nil), (#"{"0":1}"#, 0, nil), (#" [ "a" , {} ] "#, 0, #""a""#),
    ])
    func findsElements(_ text: String, place: Int, expected: String?) throws {
        #expect(try json(text)[place].map { String(decoding: $0.raw, as: UTF8.self) } == expected)
    }

    @Test(arguments: [
        (#""a""#, "a", nil as Int64?), ("12", "12", 12), ("-0", "-0", 0), ("1e2", "1e2", nil), ("1.0", "1.0", nil), ("true", "true", nil),
        ("false", "false", nil), ("null", nil, nil), ("{}", nil, nil), ("[]", nil, nil), (#""""#, "", nil), (#""12""#, "12", nil),
        ("9223372036854775807", "9223372036854775807", .max), ("9223372036854775808", "9223372036854775808", nil),
        ("-9223372036854775808", "-9223372036854775808", .min), (#""\ud800""#, "\u{FFFD}", nil),
    ])
    func readsScalars(_ text: String, expected: String?, number: Int64?) throws {
        let value = try json(text)
        #expect(value.scalarText == expected)
        #expect(value.integer == number)
    }

    @Test func rawIsTheSendersOwnText() throws {
        let value = try json(#" [ {"a" : 1.50 , "b":"\u0041"} , -0e+1 ] "#)
        #expect(value.elements.map { text($0.raw) } == [#"{"a" : 1.50 , "b":"\u0041"}"#, "-0e+1"])
        #expect(try json(#""""#).raw.elementsEqual("\"\"".utf8))
    }
}

@Suite struct JSONPathTests {
    @Test(arguments: [
        ("$", true), ("$.a", true), ("$.a.b[0].c", true), ("$[0]", true), ("$[0][12]", true), ("$.a b", true), ("$[999999]", true),
        ("", false), ("a", false), (".a", false), ("$a", false), ("$.", false), ("$..a", false), ("$.a.", false), ("$[", false),
        ("$[]", false), ("$[a]", false), ("$[-1]", false), ("$[1", false), ("$[1000000]", false), ("$[1]a", false), ("$.[1]", false),
    ])
    func reads(_ text: String, isPath: Bool) {
        #expect((JSONPath(text) != nil) == isPath)
        #expect(JSONPath(text).map(\.description) == (isPath ? text : nil))
    }

    @Test(arguments: [
        ("$", true), ("$.a", true), ("$.a[0].b", true), ("$.a[1].b", true), ("$.a[2]", false), ("$.b", false), ("$.a.b", false),
        ("$.a[0].b.c", false), ("$[0]", false),
    ])
    func follows(_ path: String, isThere: Bool) throws {
        let value = try json(#"{"a":[{"b":"x"},{"b":null}],"a.b":3}"#)
        #expect((value.value(at: try #require(JSONPath(path))) != nil) == isThere)
    }

    @Test(
        arguments: [
            (#"{"a":"","b":null,"c":{},"d":7}"#, ["$.a", "$.b", "$.c", "$.d"], "7"), (#"{"a":"x","d":7}"#, ["$.d", "$.a"], "7"),
            (#"{"a":false}"#, ["$.a"], "false"), (#"{"a":0}"#, ["$.a"], "0"), (#"{}"#, ["$.a"], nil), (#"{"a":1}"#, [], nil),
        ] as [(String, [JSONPath], String?)])
    func takesTheFirstText(_ text: String, paths: [JSONPath], expected: String?) throws {
        #expect(try json(text).firstText(at: paths) == expected)
    }
}
