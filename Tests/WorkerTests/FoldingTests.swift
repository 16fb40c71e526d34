import Testing

@testable import Common
@testable import CronWorker

private func event(
    at seconds: Int64, id: String? = "cus_1", email: String? = nil, name: String? = nil, type: String = "customer.updated",
    data: String = "{}"
) -> CanonicalEvent {
    CanonicalEvent(
        tenant: "acme", source: "stripe", eventType: type, actor: .init(id: id, email: email, name: name),
        subject: .init(id: "cus_1", type: "customer"), action: .init(type: "updated", reason: nil), data: Bytes(data.utf8),
        occurredAt: monday + .seconds(seconds))
}

/// - Parameter events: the oldest first.
private func folded(_ events: [CanonicalEvent]) -> CanonicalEvent {
    var folding = Folding(events.last!)
    for event in events.dropLast().reversed() {
        folding.add(occurredAt: event.occurredAt, data: (try? JSONDocument(event.data))?.root) { event.actor }
    }
    return folding.folded()
}

@Suite struct FoldingTests {
    @Test func oneStaysAsItIs() {
        let one = event(at: 0, email: "a@example.com", data: #"{ "a" : 1, "a" : 2 }"#)
        #expect(folded([one]) == one)
    }

    /// What older ones say is not even read then.
    @Test func theNewestStaysAsItIsWhereItSaysAll() {
        let newest = event(at: 2, email: "a@example.com", name: "A", data: #"{ "b" : 1, "a" : 2 }"#)
        var folding = Folding(newest)
        folding.add(occurredAt: monday, data: (try? JSONDocument(Bytes(#"{"a":1,"b":2}"#.utf8)))?.root) {
            Issue.record("asked who it is about")
            return newest.actor
        }
        #expect(folding.folded() == newest)
    }

    @Test(arguments: [
        ("in order", [1, 2, 3], "third"), ("the newest came first", [3, 2, 1], "first"), ("in the middle", [1, 3, 2], "second"),
        ("all at once: who came last", [1, 1, 1], "third"), ("two newest at once", [2, 1, 2], "third"),
    ])
    func theNewestByItsOwnTimeWins(_ what: String, _ seconds: [Int], _ winner: String) throws {
        let bodies = zip(seconds, ["first", "second", "third"]).map { time, name in
            #"{"created":\#(1_795_456_800 + time),"data":{"object":{"id":"cus_1","name":"\#(name)","n":\#(time)}}}"#
        }
        let payload = text(try #require(PushItem(.of(bodies))).payload)
        #expect(payload.contains(#""name":"\#(winner)"},"subject""#), "\(what): \(payload)")
        #expect(payload.contains(#""data":{"id":"cus_1","name":"\#(winner)","n":\#(seconds.max()!)}"#), "\(what): \(payload)")
        #expect(payload.hasSuffix(#""occurred_at":"2026-11-23T18:00:0\#(seconds.max()!).000Z"}"#), "\(what): \(payload)")
    }

    @Test func halfAPairIsMendedInAnOlderOneToo() throws {
        let bodies = [
            #"{"created":1,"data":{"object":{"id":"cus_1","note":"\ud83d"}}}"#, #"{"created":2,"data":{"object":{"id":"cus_1"}}}"#,
        ]
        #expect(text(try #require(PushItem(.of(bodies))).payload).contains(#""data":{"id":"cus_1","note":"\ufffd"}"#))
    }

    @Test func onePropertyEachFoldsTogether() throws {
        let bodies = [("email", "a@example.com"), ("city", "Leipzig")].map { name, value in
            #"{"objectId":7,"occurredAt":1795456800000,"propertyName":"\#(name)","propertyValue":"\#(value)"}"#
        }
        let payload = text(try #require(PushItem(.of(bodies, source: "hubspot", type: "contact.propertyChange"))).payload)
        #expect(payload.contains(#""data":{"city":"Leipzig","email":"a@example.com"}"#), "\(payload)")
        #expect(payload.contains(#""email":"a@example.com","name":null}"#), "\(payload)")
    }

    /// Also where the order of arrival has to be looked at again.
    @Test(arguments: [["{", late, early], [late, "{", early], [late, early, "{"]])
    func oneThatCannotBeReadIsFound(_ bodies: [String]) { #expect(PushItem(.of(bodies)) == nil) }

    private static let early = #"{"created":1795456801,"data":{"object":{"id":"cus_1"}}}"#
    private static let late = #"{"created":1795456809,"data":{"object":{"id":"cus_1"}}}"#

    /// Some came late: what each says counts by when it happened.
    @Test(arguments: [[0, 1, 2, 3], [3, 2, 1, 0], [1, 0, 3, 2], [2, 3, 0, 1]])
    func theOrderOfArrivalIsNothing(_ order: [Int]) throws {
        let bodies = [
            #"{"created":1795456801,"data":{"object":{"id":"cus_1","plan":"gold","a":1}}}"#,
            #"{"created":1795456802,"data":{"object":{"id":"cus_1","name":"Jo","a":2}}}"#,
            #"{"created":1795456803,"data":{"object":{"id":"cus_1","b":3}}}"#,
            #"{"created":1795456804,"data":{"object":{"id":"cus_1","email":"jo@example.com","b":4}}}"#,
        ]
        let payload = text(try #require(PushItem(.of(order.map { bodies[$0] }))).payload)
        let expected = [
            #""data":{"id":"cus_1","email":"jo@example.com","b":4,"name":"Jo","a":2,"plan":"gold"}"#,
            #""times":{"actor.name":1795456802000,"data.name":1795456802000,"data.a":1795456802000,"data.plan":1795456801000}"#,
        ]
        for text in expected { #expect(payload.contains(text), "\(payload)") }
    }

    @Test func onlyOlderOnesTellOfThePerson() {
        let folded = folded([event(at: 1, email: "old@example.com", name: "Old"), event(at: 2, email: "new@example.com"), event(at: 3)])
        #expect(folded.actor == .init(id: "cus_1", email: "new@example.com", name: "Old"))
    }

    @Test(arguments: [
        ("members add up", [#"{"a":1}"#, #"{"b":2}"#], #"{"b":2,"a":1}"#),
        ("the newer wins, and its members come first", [#"{"a":1,"b":1}"#, #"{"c":3,"a":2}"#], #"{"c":3,"a":2,"b":1}"#),
        ("of three", [#"{"a":1,"b":1,"c":1}"#, #"{"b":2}"#, "{}"], #"{"b":2,"a":1,"c":1}"#),
        ("a name twice", [#"{"a":1,"a":2,"b":1}"#, #"{"b":2,"b":3}"#], #"{"b":3,"a":2}"#),
        ("null is a value", [#"{"a":1}"#, #"{"a":null}"#], #"{"a":null}"#),
        ("blanks go", [#"{ "a" : [ 1 ] }"#, "{ }"], #"{"a":[ 1 ]}"#),
        ("objects are not merged within", [#"{"a":{"x":1,"y":1}}"#, #"{"a":{"x":2}}"#], #"{"a":{"x":2}}"#),
        ("nothing at all", ["{}", "{}"], "{}"),
        ("what is no object adds nothing", ["[1]", #"{"a":1}"#], #"{"a":1}"#),
        ("what cannot be read adds nothing", ["{", #"{"a":1}"#], #"{"a":1}"#),
        ("one name in two spellings", [#"{"gr\u00fcn":1,"a":1}"#, #"{"grün":2}"#], #"{"grün":2,"a":1}"#),
        ("the same the other way", [#"{"grün":1}"#, #"{"gr\u00fcn":2}"#, "{}"], #"{"gr\u00fcn":2}"#),
        ("names with escapes", [#"{"\u00e9":1}"#, #"{"b\"":2}"#], #"{"b\"":2,"\u00e9":1}"#),
    ])
    func mergesData(_ what: String, _ data: [String], _ expected: String) {
        let folded = folded(data.enumerated().map { event(at: Int64($0.offset), data: $0.element) })
        #expect(text(folded.data) == expected, "\(what)")
    }

    /// What is older than the whole says so, and nothing else does.
    @Test(arguments: [
        ("each as new as the last", [event(at: 5, name: "A", data: #"{"a":1}"#), event(at: 5, data: #"{"b":2}"#)], []),
        ("the newest has all", [event(at: 1, name: "A", data: #"{"a":1}"#), event(at: 5, name: "B", data: #"{"a":2}"#)], []),
        ("a member", [event(at: 1, data: #"{"a":1,"b":1}"#), event(at: 5, data: #"{"a":2}"#)], ["data.b 1"]),
        ("the newer of two old ones", [event(at: 1, data: #"{"b":1}"#), event(at: 3, data: #"{"b":2}"#), event(at: 5)], ["data.b 3"]),
        (
            "the person", [event(at: 1, email: "a@example.com", name: "A"), event(at: 2, name: "B"), event(at: 5)],
            ["actor.name 2", "actor.email 1"]
        ),
        ("a name with an escape", [event(at: 1, data: #"{"b\"":1}"#), event(at: 5)], [#"data.b\" 1"#]),
    ])
    func saysWhatIsOlder(_ what: String, _ events: [CanonicalEvent], _ expected: [String]) {
        let times = folded(events).times
        #expect(times.map { "\(text($0.field)) \(($0.at.milliseconds - monday.milliseconds) / 1000)" } == expected, "\(what)")
    }
}
