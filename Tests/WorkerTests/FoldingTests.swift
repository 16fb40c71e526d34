import Testing

@testable import Common

private func event(
    at seconds: Int64, id: String? = "cus_1", email: String? = nil, name: String? = nil, type: String = "customer.updated",
    data: String = "{}"
) -> CanonicalEvent {
    CanonicalEvent(
        tenant: "acme", source: "stripe", eventType: type, actor: .init(id: id, email: email, name: name),
        subject: .init(id: "cus_1", type: "customer"), action: .init(type: "updated", reason: nil), data: Bytes(data.utf8),
        occurredAt: monday + .seconds(seconds))
}

@Suite struct FoldingTests {
    @Test func oneStaysAsItIs() {
        let one = event(at: 0, email: "a@example.com", data: #"{ "a" : 1, "a" : 2 }"#)
        #expect(CanonicalEvent.folded([one]) == one)
    }

    @Test(arguments: [
        ("in order", [1, 2, 3], "third"), ("the newest came first", [3, 2, 1], "first"), ("in the middle", [1, 3, 2], "second"),
        ("all at once: who came last", [1, 1, 1], "third"), ("two newest at once", [2, 1, 2], "third"),
    ])
    func theNewestByItsOwnTimeWins(_ what: String, _ seconds: [Int64], _ winner: String) {
        let events = zip(seconds, ["first", "second", "third"]).map { (time: Int64, name: String) -> CanonicalEvent in
            event(at: time, name: name, type: "customer.\(name)", data: #"{"n":"\#(name)"}"#)
        }
        let folded = CanonicalEvent.folded(events)
        #expect(folded.actor.name == winner, "\(what)")
        #expect(folded.eventType == "customer.\(winner)", "\(what)")
        #expect(text(folded.data) == #"{"n":"\#(winner)"}"#, "\(what)")
        #expect(folded.occurredAt == monday + .seconds(seconds.max()!), "\(what)")
    }

    @Test func onlyOlderOnesTellOfThePerson() {
        let folded = CanonicalEvent.folded([
            event(at: 1, email: "old@example.com", name: "Old"), event(at: 2, email: "new@example.com"), event(at: 3),
        ])
        #expect(folded.actor == .init(id: "cus_1", email: "new@example.com", name: "Old"))
    }

    @Test func anOlderOneThatCameLateFillsToo() {
        let folded = CanonicalEvent.folded([event(at: 3, name: "New"), event(at: 1, email: "old@example.com", name: "Old")])
        #expect(folded.actor == .init(id: "cus_1", email: "old@example.com", name: "New"))
    }

    @Test(arguments: [
        ("members add up", [#"{"a":1}"#, #"{"b":2}"#], #"{"a":1,"b":2}"#),
        ("the newer wins and keeps its place", [#"{"a":1,"b":1}"#, #"{"c":3,"a":2}"#], #"{"a":2,"b":1,"c":3}"#),
        ("null is a value", [#"{"a":1}"#, #"{"a":null}"#], #"{"a":null}"#),
        ("blanks go", [#"{ "a" : [ 1 ] }"#, "{ }"], #"{"a":[ 1 ]}"#),
        ("objects are not merged within", [#"{"a":{"x":1,"y":1}}"#, #"{"a":{"x":2}}"#], #"{"a":{"x":2}}"#),
        ("nothing at all", ["{}", "{}"], "{}"),
        ("what is no object adds nothing", ["[1]", #"{"a":1}"#], #"{"a":1}"#),
        ("what cannot be read adds nothing", ["{", #"{"a":1}"#], #"{"a":1}"#),
        ("names with escapes", [#"{"\u00e9":1}"#, #"{"b\"":2}"#], #"{"\u00e9":1,"b\"":2}"#),
    ])
    func mergesData(_ what: String, _ data: [String], _ expected: String) {
        let folded = CanonicalEvent.folded(data.enumerated().map { event(at: Int64($0.offset), data: $0.element) })
        #expect(text(folded.data) == expected, "\(what)")
    }

    /// What is older than the whole says so, and nothing else does.
    @Test(arguments: [
        ("each as new as the last", [event(at: 5, name: "A", data: #"{"a":1}"#), event(at: 5, data: #"{"b":2}"#)], []),
        ("the newest has all", [event(at: 1, name: "A", data: #"{"a":1}"#), event(at: 5, name: "B", data: #"{"a":2}"#)], []),
        ("a member", [event(at: 1, data: #"{"a":1,"b":1}"#), event(at: 5, data: #"{"a":2}"#)], ["data.b 1"]),
        ("the newer of two old ones", [event(at: 1, data: #"{"b":1}"#), event(at: 3, data: #"{"b":2}"#), event(at: 5)], ["data.b 3"]),
        ("one that came late", [event(at: 5, data: #"{"a":2}"#), event(at: 1, data: #"{"b":1}"#)], ["data.b 1"]),
        (
            "the person", [event(at: 1, email: "a@example.com", name: "A"), event(at: 2, name: "B"), event(at: 5)],
            ["actor.name 2", "actor.email 1"]
        ),
        ("a name with an escape", [event(at: 1, data: #"{"b\"":1}"#), event(at: 5)], [#"data.b\" 1"#]),
    ])
    func saysWhatIsOlder(_ what: String, _ events: [CanonicalEvent], _ expected: [String]) {
        let times = CanonicalEvent.folded(events).times
        #expect(times.map { "\(text($0.field)) \(($0.at.milliseconds - monday.milliseconds) / 1000)" } == expected, "\(what)")
    }
}
