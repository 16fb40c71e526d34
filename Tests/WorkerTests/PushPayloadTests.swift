import Foundation
import Testing

@testable import Common
@testable import CronWorker

@Suite struct PushPayloadTests {
    private func payload(_ body: String, source: String = "stripe", type: String, route: Route) throws -> String {
        text(try #require(PushItem(.of([body], source: source, type: type, route: route))).payload)
    }

    @Test func aCustomer() throws {
        let body = """
            {"id":"evt_1","type":"customer.updated","created":1795456800,
            "data":{"object":{"id":"cus_1","email":"anna@example.com","name":"Anna \\"A\\" Müller"}}}
            """
        #expect(
            try payload(body, type: "customer.updated", route: .userSync) == """
                {"tenant_id":"acme","source":"stripe","event_ids":["event-1"],"event_type":"customer.updated",\
                "actor":{"id":"cus_1","email":"anna@example.com","name":"Anna \\"A\\" Müller"},\
                "subject":{"id":"cus_1","type":"customer"},"action":{"type":"updated","reason":null},\
                "data":{"id":"cus_1","email":"anna@example.com","name":"Anna \\"A\\" Müller"},"occurred_at":"2026-11-23T18:00:00.000Z"}
                """)
    }

    @Test func anOrderOfNobody() throws {
        let body =
            #"{"id":"evt_1","type":"invoice.paid","data":{"object":{"id":"in_1","billing_reason":"subscription_cycle","total":1e3}}}"#
        #expect(
            try payload(body, type: "invoice.paid", route: .orderEvent) == """
                {"tenant_id":"acme","source":"stripe","event_id":"event-1","event_type":"invoice.paid",\
                "actor":{"id":null,"email":null,"name":null},"subject":{"id":"in_1","type":"invoice"},\
                "action":{"type":"paid","reason":"subscription_cycle"},\
                "data":{"id":"in_1","billing_reason":"subscription_cycle","total":1e3},"occurred_at":"2026-11-23T18:00:00.000Z"}
                """, "a time that the provider does not send is the time of receipt")
    }

    @Test func aContactsChangedPropertyBecomesItsData() throws {
        let body =
            #"{"eventId":1,"objectId":51,"occurredAt":1795456800123,"changeSource":"CRM","propertyName":"email","propertyValue":"a@example.com"}"#
        #expect(
            try payload(body, source: "hubspot", type: "contact.propertyChange", route: .userSync) == """
                {"tenant_id":"acme","source":"hubspot","event_ids":["event-1"],"event_type":"contact.propertyChange",\
                "actor":{"id":"51","email":"a@example.com","name":null},"subject":{"id":"51","type":"contact"},\
                "action":{"type":"propertyChange","reason":"CRM"},"data":{"email":"a@example.com"},"occurred_at":"2026-11-23T18:00:00.123Z"}
                """)
    }

    /// Who listens to an order event in an operator's own route learns of the subject what the catalogue knows: nothing.
    @Test func anEventThatTheCatalogueKeepsHasNullMembers() throws {
        #expect(
            try payload(#"{"sender":{"id":7,"login":"jo"}}"#, source: "github", type: "push", route: .orderEvent) == """
                {"tenant_id":"acme","source":"github","event_id":"event-1","event_type":"push",\
                "actor":{"id":"7","email":null,"name":"jo"},"subject":{"id":null,"type":null},"action":{"type":"push","reason":null},\
                "data":{"sender":{"id":7,"login":"jo"}},"occurred_at":"2026-11-23T18:00:00.000Z"}
                """)
    }

    @Test(arguments: [
        (#"Anna \"A\""#, #"Anna \"A\""#), (#"back\\slash"#, #"back\\slash"#), (#"a\nb"#, #"a\u000ab"#), (#"tab\there"#, #"tab\u0009here"#),
        (#"\u0000"#, #"\u0000"#), (#"a\/b"#, "a/b"), (#"\ud83d\ude00"#, "😀"), (#"\ud83d"#, "\u{FFFD}"), ("Jürgen 北京", "Jürgen 北京"),
        ("</script>", "</script>"),
    ])
    func escapesNames(_ written: String, _ expected: String) throws {
        let body = #"{"data":{"object":{"id":"cus_1","name":"\#(written)"}}}"#
        #expect(try payload(body, type: "customer.updated", route: .userSync).contains(#""name":"\#(expected)"},"subject""#))
    }

    /// PHP refuses a whole body for one half of a surrogate pair.
    @Test func mendsHalfAPairInTheData() throws {
        let body = #"{"data":{"object":{"id":"cus_1","note":"\ud83d x \ud83d\ude00"}}}"#
        #expect(try payload(body, type: "customer.updated", route: .userSync).contains(#""note":"\ufffd x \ud83d\ude00""#))
    }

    @Test func saysWhichMembersAreOlder() throws {
        func body(_ created: Int, _ member: String) -> String { #"{"created":\#(created),"data":{"object":{"id":"cus_1",\#(member)}}}"# }
        let item = try #require(
            PushItem(
                .of([body(1_795_456_801, #""plan \"x\"":"gold""#), body(1_795_456_802, #""name":"Jo""#), body(1_795_456_803, #""a":1"#)])))
        let expected = #""times":{"actor.name":1795456802000,"data.name":1795456802000,"data.plan \"x\"":1795456801000},"occurred_at""#
        #expect(text(item.payload).contains(expected), "\(text(item.payload))")
        #expect(try SchemaCheck("user-sync").problems(in: item.payload) == [])
    }

    @Test func listsEveryEventInOrderOfArrival() throws {
        func body(_ created: Int) -> String { #"{"created":\#(created),"data":{"object":{"id":"cus_1","name":"\#(created)"}}}"# }
        let item = try #require(PushItem(.of([body(1_795_456_803), body(1_795_456_801), body(1_795_456_802)])))
        #expect(text(item.payload).contains(#""event_ids":["event-1","event-2","event-3"]"#))
        #expect(text(item.payload).contains(#""name":"1795456803"},"subject""#))
        #expect(text(item.payload).hasSuffix(#""occurred_at":"2026-11-23T18:00:03.000Z"}"#))
    }

    /// A request's body is megabytes: it grows where it is.
    @Test func isWrittenWithoutACopy() {
        var text = Bytes()
        text.reserveCapacity(1000)
        let place = text.withUnsafeBytes { $0.baseAddress }
        var json = JSONObject(behind: consume text)
        json.add("name", "Ann \"A\"")
        json.add("none", nil)
        json.add("list", raw: Bytes("[1]".utf8))
        let written = json.text()
        #expect(String(decoding: written, as: UTF8.self) == #"{"name":"Ann \"A\"","none":null,"list":[1]}"#)
        #expect(written.withUnsafeBytes { $0.baseAddress } == place)
    }
}

@Suite struct PoisonTests {
    @Test(arguments: [
        ("no JSON", "stripe", ["{"]), ("empty", "stripe", [""]), ("not UTF-8", "stripe", ["\u{0}"]),
        ("a source that the catalogue has no more", "gone", ["{}"]), ("no source name", "Stripe", ["{}"]),
        ("no event at all", "stripe", []),
        ("one of three", "stripe", ["{}", "{", "{}"]), ("nested too deeply", "stripe", [String(repeating: "[", count: 65)]),
    ])
    func isSetAside(_ what: String, _ source: String, _ bodies: [String]) {
        #expect(PushItem(.of(bodies, source: source)) == nil, "\(what)")
    }

    @Test func anUnexpectedShapeIsNone() throws {
        let item = try #require(PushItem(.of(["[]"])))
        #expect(text(item.payload).contains(#""actor":{"id":null,"email":null,"name":null}"#))
    }
}

/// What we send, against what the plugin takes.
@Suite struct PluginSchemaTests {
    @Test func everyFixtureIsValid() throws {
        var checked: [Route: Int] = [:]
        for path in try Tree.files(in: "fixtures", ending: ".json") {
            let source = SourceName(path.split(separator: "/")[1])!
            let provider = try #require(Catalogue.provider(for: source), "\(path)")
            let root = try JSONDocument(Bytes(try Tree.text(path).utf8)).root
            let name = String(path.split(separator: "/")[2].prefix { $0 != "." })
            for event in provider.events == nil ? [root] : root.elements {
                let reading = provider.read(event, headers: HeaderFields([("x-github-event", name)]))
                guard reading.route != .keep else { continue }
                let push = ClaimedPush.of([text(event.raw)], source: source.description, type: reading.eventType, route: reading.route)
                let item = try #require(PushItem(push), "\(path)")
                #expect(try SchemaCheck(reading.route.rawValue).problems(in: item.payload) == [], "\(path)")
                checked[reading.route, default: 0] += 1
            }
        }
        #expect(checked[.userSync, default: 0] > 5 && checked[.orderEvent, default: 0] > 5)
    }

    @Test func aBatchIsValid() throws {
        let items = [PushItem(.of(["{}", "{}"])), PushItem(.of(["{}"], type: "invoice.paid", route: .orderEvent))].compactMap { $0 }
        let body = try Settings.WordPress(baseURL: "https://example.com").batchRequest(items, requestID: "id", now: monday).body
        #expect(try SchemaCheck("batch").problems(in: body) == [])
        let sent = try #require(try JSONDocument(body).root["items"]?.elements)
        #expect(sent.count == 2)
        for item in sent { #expect(try SchemaCheck("item").problems(in: Bytes(item.raw)) == []) }
        #expect(try SchemaCheck("user-sync").problems(in: items[0].payload) == [])
        #expect(try SchemaCheck("order-event").problems(in: items[1].payload) == [])
    }

    /// Ingest stores what the plugin would refuse for ever.
    @Test func theLongestStoredTypeIsValid() throws {
        let type = try stored(type: "customer." + String(repeating: "x", count: 300))
        let item = try #require(PushItem(.of(["{}"], type: type)))
        #expect(try SchemaCheck("user-sync").problems(in: item.payload) == [])
    }

    @Test func anEventWithoutATypeIsValidOrKept() throws {
        let type = try stored(type: "")
        #expect(try Provider.stripe.read(JSONDocument(Bytes("{}".utf8)).root, headers: HeaderFields()).route == .keep)
        #expect(type.isEmpty)
    }

    private func stored(type: String) throws -> String {
        try Provider.stripe.read(JSONDocument(Bytes(#"{"type":"\#(type)"}"#.utf8)).root, headers: HeaderFields()).eventType
    }

    @Test func theCheckerFindsWhatIsWrong() throws {
        let check = try SchemaCheck("user-sync")
        let wrong = #"{"tenant_id":"","source":"S","event_ids":[],"event_type":1,"actor":null}"#
        #expect(
            Set(check.problems(in: Bytes(wrong.utf8))) == [
                "$.tenant_id is shorter than 1", "$.source is not like ^[a-z0-9-]{1,40}$", "$.event_ids has fewer than 1",
                "$.event_type is no [\"string\"]", "$.actor is no [\"object\"]", "$.occurred_at is missing",
            ])
    }
}
