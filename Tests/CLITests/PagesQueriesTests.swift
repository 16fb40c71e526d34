import Testing

@testable import Common
@testable import GatepostCLI

/// What the pages ask of the store beside what commands ask.
@Suite struct PagesQueriesTests {
    let scratch: Scratch
    let store: Store
    var queries: EventQueries { EventQueries(store: store) }

    init() throws {
        scratch = try Scratch()
        store = try scratch.store()
    }

    @Test func findsATextAnywhere() throws {
        let first = try store.put("evt_1042", customer: "cus_1", email: "anna@example.com")
        let second = try store.put("evt_2", customer: "cus_1043", email: "bo@example.com", at: noon + .seconds(1))
        func found(_ text: String) throws -> [String] {
            var filter = EventFilter()
            filter.text = text
            return try queries.list(filter, limit: 10).events.map(\.id)
        }
        #expect(try found("104") == [second, first])
        #expect(try found("evt_1042") == [first])
        #expect(try found("stripe:shop:evt_2") == [second])
        #expect(try found("bo@exam") == [second])
        #expect(try found(String(first.prefix(30))) == [first])
        #expect(try found("Anna").isEmpty && found("%").isEmpty)
    }

    @Test func aQuestionThatTakesTooLongEnds() throws {
        let reader = try Store(path: store.path, access: .readOnly)
        let deadline = ReadDeadline()
        try deadline.hold(reader)
        let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        deadline.set(.zero)
        #expect {
            try reader.read { _ = try $0.execute(sql: endless) }
        } throws: {
            ($0 as? StoreError)?.isInterrupted == true
        }
        deadline.set(.seconds(60))
        #expect(try EventQueries(store: reader).counts().lines.isEmpty)
    }

    @Test(arguments: [
        ("{}", "{}"), ("[]", "[]"), ("1e5", "1e5"),
        (#"{"a":[1,{"b":"\u00e9"}],"c":{}}"#, "{\n  \"a\": [\n    1,\n    {\n      \"b\": \"\\u00e9\"\n    }\n  ],\n  \"c\": {}\n}"),
    ])
    func laysJSONOut(_ text: String, as expected: String) throws {
        #expect(try JSONDocument(Bytes(text.utf8)).root.pretty == expected)
    }
}
