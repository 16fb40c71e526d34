import Testing

@testable import Common

/// What ingest reads from a post of each shape that needed words of its own.
@Suite struct EventReadingTests {
    struct Post: Sendable, CustomTestStringConvertible {
        let provider: Provider
        let body: String
        var type = "application/json"
        var headers: [(String, String)] = []
        let ids: [String]
        let eventTypes: [String]
        var testDescription: String { "\(provider.source): \(body.prefix(40))" }
    }

    static let form = "application/x-www-form-urlencoded"

    static let posts: [Post] = [
        Post(
            provider: .slack, body: #"{"type":"event_callback","event_id":"Ev1","event":{"type":"message"}}"#, ids: ["Ev1"],
            eventTypes: ["message"]),
        Post(provider: .slack, body: "command=%2Fx&trigger_id=1.2", type: form, ids: ["1.2"], eventTypes: ["/x"]),
        Post(
            provider: .slack, body: "payload=%7B%22type%22%3A%22a%22%2C%22trigger_id%22%3A%223%22%7D", type: form, ids: ["3"],
            eventTypes: ["a"]),
        Post(provider: .telegram, body: #"{"update_id":5,"message":{}}"#, ids: ["5"], eventTypes: ["message"]),
        Post(provider: .telegram, body: #"{"poll":{},"update_id":6}"#, ids: ["6"], eventTypes: ["poll"]),
        Post(provider: .twilio, body: "MessageSid=SM1&MessageStatus=sent", type: form, ids: ["SM1.sent"], eventTypes: ["sent"]),
        Post(
            provider: .twilio, body: "MessageSid=SM1&MessageStatus=sent", type: form, headers: [("I-Twilio-Idempotency-Token", "t")],
            ids: ["t.sent"], eventTypes: ["sent"]),
        Post(provider: .twilio, body: #"[{"id":"1","type":"a"},{"id":"2","type":"b"}]"#, ids: ["1", "2"], eventTypes: ["a", "b"]),
        Post(
            provider: .mandrill, body: "mandrill_events=%5B%7B%22_id%22%3A%22m%22%2C%22event%22%3A%22open%22%2C%22ts%22%3A9%7D%5D",
            type: form,
            ids: ["m.open.9"], eventTypes: ["open"]),
        Post(provider: .mandrill, body: "mandrill_events=%5B%5D", type: form, ids: [], eventTypes: []),
        Post(
            provider: .mailchimp, body: "type=upemail&fired_at=2009-03-26+21%3A35%3A57&data%5Bnew_id%5D=n&data%5Bnew_email%5D=a%40b.c",
            type: form,
            ids: ["upemail.2009-03-26 21:35:57.n.a@b.c"], eventTypes: ["upemail"]),
        Post(
            provider: .mailtrap, body: #"{"events":[{"event_id":"e","event":"open"},{"event_id":"f","event":"click"}]}"#, ids: ["e", "f"],
            eventTypes: ["open", "click"]),
        Post(provider: .line, body: #"{"events":[]}"#, ids: [], eventTypes: []),
        Post(provider: .svix, body: #"{"type":"a"}"#, headers: [("webhook-id", "w"), ("svix-id", "s")], ids: ["s"], eventTypes: ["a"]),
        Post(provider: .svix, body: #"{"type":"a"}"#, headers: [("webhook-id", "w")], ids: ["w"], eventTypes: ["a"]),
        Post(
            provider: .asana,
            body: #"{"events":[{"action":"changed","resource":{"gid":"1","resource_type":"task"},"user":{"gid":"2"},"created_at":"t"}]}"#,
            ids: ["1.changed.t.2"], eventTypes: ["task.changed"]),
        Post(
            provider: .activeCampaign, body: "type=subscribe&contact%5Bid%5D=4", type: form,
            ids: ["subscribe.sha256-89ae696dd4cd71596e0bf5c82f6f889231e24c00f923968c3ba1e31f4ce76077"], eventTypes: ["subscribe"]),
        Post(
            provider: .jotform,
            body: "--x\r\nContent-Disposition: form-data; name=\"submissionID\"\r\n\r\n63\r\n--x--\r\n", type: "multipart/form-data",
            ids: ["63.sha256-e619c5b206a688da1dfb1e5f86e80191413bfc6fd6f0a35706f9d0d55eadbbf8"], eventTypes: [""]),
        Post(
            provider: .eventbrite, body: #"{"config":{"action":"order.placed"},"api_url":"https://www.eventbriteapi.com/v3/orders/1/"}"#,
            ids: ["order.placed.https://www.eventbriteapi.com/v3/orders/1/"], eventTypes: ["order.placed"]),
        Post(
            provider: .gitlab, body: #"{"object_kind":"issue","object_attributes":{"action":"open"}}"#, headers: [("Idempotency-Key", "k")],
            ids: ["k"], eventTypes: ["issue.open"]),
    ]

    @Test(arguments: posts)
    func reads(post: Post) throws {
        let document = try post.provider.document(of: Bytes(post.body.utf8), mediaType: post.type)
        let events = try #require(post.provider.events(in: document))
        let readings = events.map { post.provider.read($0, headers: HeaderFields(post.headers)) }
        #expect(readings.map(\.providerEventID) == post.ids)
        #expect(readings.map(\.eventType) == post.eventTypes)
    }

    /// Meta and Mailtrap write seconds here and milliseconds there.
    @Test(arguments: [("1790000000", 1_790_000_000_000), ("1790000000123", 1_790_000_000_123), ("1790000000.5", 1_790_000_000_500)])
    func secondsMayBeMilliseconds(_ text: String, expected: Int64) throws {
        let event = try JSONDocument(Bytes(#"{"entry":[{"time":\#(text)}]}"#.utf8)).root
        #expect(Provider.meta.read(event, headers: HeaderFields()).occurredAt?.milliseconds == expected)
    }

    /// What no mapping names, and senders without any.
    @Test(
        arguments: [
            (Provider.svix, #"{"type":"user.created","data":{"id":"u_1","email":"a@b.c"}}"#, nil, "a@b.c", "u_1", "email:a@b.c"),
            (.svix, #"{"type":"x","data":{"user":{"id":7,"email":"a@b.c","name":"Zoë"}}}"#, "7", "a@b.c", nil, "svix:7"),
            (
                .stripe, #"{"type":"account.updated","data":{"object":{"id":"acct_1","email":"a@b.c"}}}"#, nil, "a@b.c", "acct_1",
                "email:a@b.c"
            ),
            (.shopify, #"{"id":5,"customer":{"id":8}}"#, "8", nil, nil, "shopify:8"), (.svix, #"{"type":"x"}"#, nil, nil, nil, nil),
            (.svix, #"{"data":"text","email":["a@b.c"]}"#, nil, nil, nil, nil),
        ] as [(Provider, String, String?, String?, String?, String?)])
    func unknownTypesPassThrough(_ provider: Provider, _ json: String, id: String?, email: String?, subject: String?, lane: String?) throws
    {
        let event = try JSONDocument(Bytes(json.utf8)).root
        let read = provider.read(event, headers: HeaderFields())
        let found = provider.normalise(
            event, eventType: read.eventType, tenant: try #require(TenantName("acme")), receivedAt: Timestamp(milliseconds: 1))
        #expect(found.actor.id == id && found.actor.email == email && found.subject.id == subject)
        #expect(read.lane == lane && read.route == .keep && found.data == Bytes(json.utf8))
    }

    @Test func dropboxPostsOfTheSameBytesAreEventsOfTheirOwn() throws {
        let event = try JSONDocument(Bytes(#"{"list_folder":{"accounts":["a"]}}"#.utf8)).root
        let ids = [1, 2, 2].map { time in
            Provider.dropbox.read(event, headers: HeaderFields(), receivedAt: Timestamp(milliseconds: time)).providerEventID
        }
        #expect(ids[0] != ids[1])
        #expect(ids[1] == ids[2])
    }

    @Test(arguments: [
        (
            Provider.clerk, "user.updated", "user-sync",
            #"{"data":{"id":"u","primary_email_address_id":"2","email_addresses":[{"id":"1","email_address":"old@x"},{"id":"2","email_address":"new@x"}]}}"#,
            "new@x"
        ),
        (
            .typeform, "form_response", "user-sync", #"{"form_response":{"answers":[{"type":"text"},{"type":"email","email":"a@b.c"}]}}"#,
            "a@b.c"
        ),
        (.mailchimp, "cleaned", "user-sync", #"{"data[email]":"a@b.c"}"#, "a@b.c"),
        (.activeCampaign, "unsubscribe", "user-sync", #"{"contact[email]":"a@b.c"}"#, "a@b.c"),
        (.activeCampaign, "open", "keep", #"{"contact[email]":"a@b.c"}"#, "a@b.c"),
        (.mandrill, "unsub", "user-sync", #"{"msg":{"email":"a@b.c"}}"#, "a@b.c"),
        (.mandrill, "open", "keep", #"{"msg":{"email":"a@b.c"}}"#, "a@b.c"),
        (.sendgrid, "group_resubscribe", "user-sync", #"{"email":"a@b.c"}"#, "a@b.c"),
        (.calendly, "invitee.created", "order-event", #"{"payload":{"email":"a@b.c"}}"#, "a@b.c"),
        (.calCom, "BOOKING_CANCELLED", "order-event", #"{"payload":{"attendees":[{"email":"a@b.c"}]}}"#, "a@b.c"),
        (.polar, "order.paid", "order-event", #"{"data":{"customer":{"email":"a@b.c"}}}"#, "a@b.c"),
    ])
    func routes(provider: Provider, type: String, to route: String, event json: String, email: String) throws {
        let event = try JSONDocument(Bytes(json.utf8)).root
        let mapping = try #require(provider.mapping(for: type))
        #expect(mapping.route.rawValue == route)
        #expect(mapping.actor(in: event).email == email)
    }
}
