import Testing

@testable import Common

@Suite struct HubSpotReadingTests {
    @Test(arguments: [
        ReadingCase(
            "property",
            #"{"eventId":1,"subscriptionId":2,"objectId":3,"subscriptionType":"contact.propertyChange","occurredAt":1795456800123,"propertyName":"phone","propertyValue":"1"}"#,
            type: "contact.propertyChange", id: "1.2.3", at: 1_795_456_800_123, .userSync, lane: "hubspot:3"),
        ReadingCase(
            "creation", #"{"eventId":1,"subscriptionId":2,"objectId":3,"subscriptionType":"contact.creation"}"#, type: "contact.creation",
            id: "1.2.3", .userSync,
            lane: "hubspot:3"),
        ReadingCase(
            "deletion", #"{"eventId":"1","objectId":3,"subscriptionType":"contact.deletion"}"#, type: "contact.deletion", id: "1.3",
            .userSync, lane: "hubspot:3"),
        ReadingCase(
            "other contact event", #"{"eventId":1,"objectId":3,"subscriptionType":"contact.merge"}"#, type: "contact.merge", id: "1.3",
            .keep, lane: "hubspot:3"),
        // A deal names nobody: its order is its own.
        ReadingCase(
            "deal", #"{"eventId":1,"objectId":3,"subscriptionType":"deal.creation"}"#, type: "deal.creation", id: "1.3", .orderEvent,
            lane: "hubspot:deal/3"),
        ReadingCase(
            "line item", #"{"eventId":1,"objectId":3,"subscriptionType":"line_item.creation"}"#, type: "line_item.creation", id: "1.3",
            .keep, lane: "hubspot:line_item/3"),
        ReadingCase(
            "company", #"{"eventId":1,"objectId":3,"subscriptionType":"company.creation"}"#, type: "company.creation", id: "1.3", .keep),
        ReadingCase("event id alone", #"{"eventId":1}"#, type: "", id: "1", .keep),
        ReadingCase(
            "no event id", #"{"subscriptionId":2,"objectId":3}"#, type: "", id: digestID(#"{"subscriptionId":2,"objectId":3}"#), .keep),
        ReadingCase("time in seconds is taken as it is", #"{"eventId":1,"occurredAt":1}"#, type: "", id: "1", at: 1, .keep),
        ReadingCase("time is a text", #"{"eventId":1,"occurredAt":"1"}"#, type: "", id: "1", at: 1, .keep),
        ReadingCase(
            "e-mail changes, the person stays",
            #"{"eventId":1,"objectId":3,"subscriptionType":"contact.propertyChange","propertyName":"email","propertyValue":"a@b.c"}"#,
            type: "contact.propertyChange", id: "1.3", .userSync, lane: "hubspot:3"),
        ReadingCase(
            "e-mail of nobody",
            #"{"eventId":1,"subscriptionType":"contact.propertyChange","propertyName":"email","propertyValue":"A@B.c"}"#,
            type: "contact.propertyChange", id: "1", .userSync, lane: "email:a@b.c"),
    ])
    func reads(_ event: ReadingCase) throws { try event.check(.hubspot) }

    @Test(arguments: [
        CanonicalCase(
            type: "contact.propertyChange",
            body: #"{"objectId":3,"propertyName":"phone","propertyValue":"+1","changeSource":"CRM_UI","occurredAt":9}"#,
            actor: .init(id: "3"), subject: ("3", "contact"), action: ("propertyChange", "CRM_UI"), data: #"{"phone":"+1"}"#, at: 9),
        CanonicalCase(
            type: "contact.propertyChange", body: #"{"objectId":3,"propertyName":"email","propertyValue":"a@b.c"}"#,
            actor: .init(id: "3", email: "a@b.c"),
            subject: ("3", "contact"), action: ("propertyChange", nil), data: #"{"email":"a@b.c"}"#),
        CanonicalCase(
            type: "contact.propertyChange", body: #"{"objectId":3,"propertyName":"email","propertyValue":""}"#, actor: .init(id: "3"),
            subject: ("3", "contact"),
            action: ("propertyChange", nil), data: #"{"email":""}"#),
        CanonicalCase(
            type: "contact.propertyChange", body: #"{"objectId":3,"propertyName":"a\"\u0062","propertyValue":{"x":[1]}}"#,
            actor: .init(id: "3"),
            subject: ("3", "contact"), action: ("propertyChange", nil), data: #"{"a\"\u0062":{"x":[1]}}"#),
        CanonicalCase(
            type: "contact.propertyChange", body: #"{"objectId":3,"propertyName":"x\ud800","propertyValue":"\udc00"}"#,
            actor: .init(id: "3"),
            subject: ("3", "contact"), action: ("propertyChange", nil), data: #"{"x\ufffd":"\ufffd"}"#),
        // No value, no name, or a name that is no text: the whole event.
        CanonicalCase(
            type: "contact.propertyChange", body: #"{"propertyName":"phone"}"#, subject: (nil, "contact"), action: ("propertyChange", nil),
            data: #"{"propertyName":"phone"}"#),
        CanonicalCase(
            type: "contact.propertyChange", body: #"{"propertyName":1,"propertyValue":2}"#, subject: (nil, "contact"),
            action: ("propertyChange", nil),
            data: #"{"propertyName":1,"propertyValue":2}"#),
        CanonicalCase(
            type: "contact.creation", body: #"{"objectId":3}"#, actor: .init(id: "3"), subject: ("3", "contact"), action: ("created", nil),
            data: #"{"objectId":3}"#),
        CanonicalCase(
            type: "deal.propertyChange", body: #"{"objectId":3,"propertyName":"amount","propertyValue":"5"}"#, subject: ("3", "deal"),
            action: ("propertyChange", nil),
            data: #"{"objectId":3,"propertyName":"amount","propertyValue":"5"}"#),
    ])
    func normalises(_ event: CanonicalCase) throws { try event.check(.hubspot) }

    @Test(arguments: [
        ("contact.creation", "created"), ("contact.privacyDeletion", "deleted"), ("paid", "paid"), ("a..b.", "b"),
        ("größe.geändert", "geändert"),
        ("...", nil), ("", nil),
    ])
    func theActionIsTheLastWord(_ type: String, _ action: String?) throws {
        let event = Provider.hubspot.normalise(try json("{}"), eventType: type, tenant: "acme", receivedAt: Timestamp(milliseconds: 0))
        #expect(event.action.type == action)
    }

    /// Of an array, each element's own text is the event.
    @Test func elementsAreEventsOfTheirOwn() throws {
        let elements = try json(#"[ {"eventId":1} , {"eventId":2,"x":"\ud800"} ]"#).elements
        #expect(elements.map { Provider.hubspot.read($0, headers: HeaderFields()).providerEventID } == ["1", "2"])
        let data = elements.map {
            text(Provider.hubspot.normalise($0, eventType: "x", tenant: "acme", receivedAt: Timestamp(milliseconds: 0)).data)
        }
        #expect(data == [#"{"eventId":1}"#, #"{"eventId":2,"x":"\ufffd"}"#])
    }
}
