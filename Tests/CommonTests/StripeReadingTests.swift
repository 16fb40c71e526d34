import Testing

@testable import Common

@Suite struct StripeReadingTests {
    private static let long = String(repeating: "x", count: 201)

    @Test(arguments: [
        ReadingCase(
            "customer", #"{"id":"evt_1","type":"customer.updated","created":1795456800,"data":{"object":{"id":"cus_1","email":"A@B.c"}}}"#,
            type: "customer.updated", id: "evt_1", at: 1_795_456_800_000, .userSync, lane: "stripe:cus_1"),
        ReadingCase(
            "subscription before customer",
            #"{"id":"evt_2","type":"customer.subscription.deleted","data":{"object":{"id":"sub_1","customer":"cus_1"}}}"#,
            type: "customer.subscription.deleted", id: "evt_2", .orderEvent, lane: "stripe:cus_1"),
        ReadingCase(
            "kept", #"{"id":"evt_3","type":"customer.discount.created","data":{"object":{"id":"di_1","customer":"cus_1"}}}"#,
            type: "customer.discount.created", id: "evt_3", .keep, lane: "stripe:cus_1"),
        ReadingCase(
            "expanded customer", #"{"id":"evt_4","type":"charge.failed","data":{"object":{"id":"ch_1","customer":{"id":"cus_9"}}}}"#,
            type: "charge.failed",
            id: "evt_4", .orderEvent, lane: "stripe:cus_9"),
        ReadingCase(
            "guest",
            #"{"id":"evt_5","type":"checkout.session.completed","data":{"object":{"customer":null,"customer_details":{"email":"A@B.c"}}}}"#,
            type: "checkout.session.completed", id: "evt_5", .orderEvent, lane: "email:a@b.c"),
        ReadingCase(
            "nobody", #"{"id":"evt_6","type":"payment_intent.created","data":{"object":{"id":"pi_1"}}}"#, type: "payment_intent.created",
            id: "evt_6", .orderEvent, lane: "stripe:payment_intent/pi_1"),
        ReadingCase("unmapped", #"{"id":"evt_7","type":"payout.paid","created":1}"#, type: "payout.paid", id: "evt_7", at: 1000, .keep),
        ReadingCase("nothing in it", "{}", type: "", id: digestID("{}"), .keep),
        ReadingCase("no id", #"{ "type":"x" }"#, type: "x", id: digestID(#"{ "type":"x" }"#), .keep),
        ReadingCase("empty id", #"{"id":""}"#, type: "", id: digestID(#"{"id":""}"#), .keep),
        ReadingCase("null id", #"{"id":null}"#, type: "", id: digestID(#"{"id":null}"#), .keep),
        ReadingCase("id is an object", #"{"id":{}}"#, type: "", id: digestID(#"{"id":{}}"#), .keep),
        ReadingCase("id is a number", #"{"id":12345678901234567890}"#, type: "", id: "12345678901234567890", .keep),
        ReadingCase("id twice", #"{"id":"a","id":"b"}"#, type: "", id: "b", .keep),
        ReadingCase("id of 200 bytes", "{\"id\":\"\(long.dropLast())\"}", type: "", id: String(long.dropLast()), .keep),
        ReadingCase("id of 201 bytes", "{\"id\":\"\(long)\"}", type: "", id: digestID(long), .keep),
        ReadingCase("type of 201", "{\"id\":\"e\",\"type\":\"\(long)\"}", type: String(long.prefix(191)), id: "e", .keep),
        // What SQLite would read back only in part must not come into a key, a type or a lane.
        ReadingCase(
            "NUL everywhere", #"{"id":"a\u0000b","type":"customer.\u0000created","data":{"object":{"id":"c\u0000d"}}}"#,
            type: "customer.created",
            id: digestID("a\0b"), .userSync, lane: "stripe:" + digestID("c\0d")),
        ReadingCase("type is no text", #"{"id":"e","type":["customer.updated"]}"#, type: "", id: "e", .keep),
        ReadingCase("time is a text", #"{"id":"e","created":"1795456800"}"#, type: "", id: "e", at: 1_795_456_800_000, .keep),
        ReadingCase("time overflows", #"{"id":"e","created":9223372036854775807}"#, type: "", id: "e", .keep),
        ReadingCase("time is beyond 64 bits", #"{"id":"e","created":99999999999999999999}"#, type: "", id: "e", .keep),
        ReadingCase("time has a fraction", #"{"id":"e","created":1795456800.5}"#, type: "", id: "e", at: 1_795_456_800_500, .keep),
        ReadingCase(
            "person's id is over-long", "{\"id\":\"e\",\"type\":\"customer.created\",\"data\":{\"object\":{\"id\":\"\(long)\"}}}",
            type: "customer.created",
            id: "e", .userSync, lane: "stripe:" + digestID(long)),
    ])
    func reads(_ event: ReadingCase) throws { try event.check(.stripe) }

    @Test(
        arguments: [
            ("customer.updated", .userSync), ("customer.created", .userSync), ("customer.deleted", .userSync),
            ("customer.source.created", .keep),
            ("customer.tax_id.updated", .keep), ("customer.subscription.trial_will_end", .orderEvent), ("customer", .keep),
            ("checkout.session.expired", .orderEvent), ("checkout.other", .keep), ("invoice.paid", .orderEvent),
            ("invoiceitem.created", .keep),
            ("payment_intent.succeeded", .orderEvent), ("charge.dispute.created", .orderEvent), ("CUSTOMER.UPDATED", .keep), ("", .keep),
        ] as [(String, Route)])
    func routes(_ type: String, expected: Route) throws {
        #expect(Provider.stripe.read(try json("{\"type\":\"\(type)\"}"), headers: HeaderFields()).route == expected)
    }

    @Test(
        arguments: [
            ("none match", [("invoice.*", .keep)], .userSync), ("the first counts", [("customer.*", .keep), ("*", .orderEvent)], .keep),
            ("in the order written", [("*", .orderEvent), ("customer.*", .keep)], .orderEvent),
            ("exact", [("customer.updated", .orderEvent)], .orderEvent),
        ] as [(String, [(String, Route)], Route)])
    func overrides(_ name: String, routes: [(String, Route)], expected: Route) throws {
        let event = try json(#"{"id":"e","type":"customer.updated","data":{"object":{"id":"cus_1"}}}"#)
        let reading = Provider.stripe.read(
            event, headers: HeaderFields(), overrides: routes.map { RouteOverride(pattern: EventPattern($0), route: $1) })
        #expect(reading.route == expected, "\(name)")
        #expect(reading.lane == "stripe:cus_1", "the person stays who it is")
    }

    @Test(arguments: [
        CanonicalCase(
            type: "customer.updated",
            body: #"{"created":5,"data":{"object":{"id":"cus_1","email":"a@b.c","name":"Ann"},"previous_attributes":{}}}"#,
            actor: .init(id: "cus_1", email: "a@b.c", name: "Ann"), subject: ("cus_1", "customer"), action: ("updated", nil),
            data: #"{"id":"cus_1","email":"a@b.c","name":"Ann"}"#, at: 5000),
        CanonicalCase(
            type: "invoice.payment_failed",
            body:
                #"{"created":5,"data":{"object":{"id":"in_1","customer":"cus_1","customer_email":"a@b.c","customer_name":"Ann","billing_reason":"subscription_cycle"}}}"#,
            actor: .init(id: "cus_1", email: "a@b.c", name: "Ann"), subject: ("in_1", "invoice"),
            action: ("payment_failed", "subscription_cycle"),
            data: #"{"id":"in_1","customer":"cus_1","customer_email":"a@b.c","customer_name":"Ann","billing_reason":"subscription_cycle"}"#,
            at: 5000),
        CanonicalCase(
            type: "charge.failed",
            body:
                #"{"data":{"object":{"id":"ch_1","billing_details":{"email":"b@b.c","name":"Bo"},"receipt_email":"r@b.c","failure_code":"card_declined"}}}"#,
            actor: .init(id: nil, email: "r@b.c", name: "Bo"), subject: ("ch_1", "charge"), action: ("failed", "card_declined"),
            data: #"{"id":"ch_1","billing_details":{"email":"b@b.c","name":"Bo"},"receipt_email":"r@b.c","failure_code":"card_declined"}"#),
        CanonicalCase(
            type: "customer.subscription.deleted",
            body: #"{"data":{"object":{"id":"sub_1","customer":"cus_1","cancellation_details":{"reason":"payment_failed"}}}}"#,
            actor: .init(id: "cus_1"), subject: ("sub_1", "subscription"), action: ("deleted", "payment_failed"),
            data: #"{"id":"sub_1","customer":"cus_1","cancellation_details":{"reason":"payment_failed"}}"#),
        CanonicalCase(type: "payout.paid", body: #"{"created":5,"x":1}"#, action: ("paid", nil), data: #"{"created":5,"x":1}"#, at: 5000),
        // The object is missing or none: the whole event stands for it, so that nothing is lost.
        CanonicalCase(
            type: "invoice.paid", body: #"{"data":{"object":[]}}"#, subject: (nil, "invoice"), action: ("paid", nil),
            data: #"{"data":{"object":[]}}"#),
        CanonicalCase(type: "", body: "{}", action: (nil, nil), data: "{}"),
        // Half a surrogate pair would make PHP refuse the push.
        CanonicalCase(
            type: "customer.created", body: #"{"data":{"object":{"id":"cus_1","name":"x\ud800"}}}"#,
            actor: .init(id: "cus_1", name: "x\u{FFFD}"),
            subject: ("cus_1", "customer"), action: ("created", nil), data: #"{"id":"cus_1","name":"x\ufffd"}"#),
    ])
    func normalises(_ event: CanonicalCase) throws { try event.check(.stripe) }
}
