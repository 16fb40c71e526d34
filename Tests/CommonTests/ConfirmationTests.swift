import GRDB
import Testing

@testable import Common

/// Amazon's subscriptions: the event that asks for confirmation brings the errand with it, in its own commit.
@Suite struct ConfirmationTests {
    private static let topic = "arn:aws:sns:eu-west-1:1:t"
    private static let good = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=\(topic)&Token=abc"

    private func event(_ url: String, type: String = "SubscriptionConfirmation", source: SourceName = "aws-sns", id: String = "m")
        -> NewEvent
    {
        let body = #"{"Type":"\#(type)","MessageId":"\#(id)","TopicArn":"\#(Self.topic)","SubscribeURL":"\#(url)"}"#
        return .sample(id, source: source, type: type, route: .keep, lane: nil, body: Bytes(body.utf8))
    }

    @Test func theErrandIsWrittenWithTheEvent() throws {
        let scratch = try ScratchStore()
        _ = try scratch.put(event(Self.good))
        _ = try scratch.put(event(Self.good, id: "again"))
        #expect(try scratch.store.texts("SELECT url FROM errand WHERE kind = 'confirmation' AND tenant = 'acme'") == [Self.good])
        let due = try Errands(store: scratch.store).claim(
            most: 9, until: Timestamp(milliseconds: 9000), now: Timestamp(milliseconds: 1000))
        #expect(due.map(\.kind) == [.confirmation] && due.allSatisfy(\.isAllowed))
        try Errands(store: scratch.store).settle([(due[0].id, .confirmed(status: 200))], now: Timestamp(milliseconds: 1001))
        #expect(try ErrandQueries(store: scratch.store).counts().isQuiet)
        let line = try #require(try ErrandQueries(store: scratch.store).list(limit: 9).first)
        #expect(line.place == "https://sns.eu-west-1.amazonaws.com/" && line.status == "done", "the token is not shown")
        let later = Timestamp(milliseconds: 1_000_000_000)
        #expect(try Errands(store: scratch.store).claim(most: 9, until: later, now: later).isEmpty, "once")
    }

    @Test(arguments: [
        ("another type", good, "Notification", "aws-sns"), ("the end of one", good, "UnsubscribeConfirmation", "aws-sns"),
        ("another source", good, "SubscriptionConfirmation", "stripe"),
        ("plain", good.replacing("https", with: "http"), "SubscriptionConfirmation", "aws-sns"),
        ("another host", good.replacing("amazonaws.com", with: "amazonaws.com.example.net"), "SubscriptionConfirmation", "aws-sns"),
        ("a bucket", good.replacing("eu-west-1.amazonaws", with: "s3.amazonaws"), "SubscriptionConfirmation", "aws-sns"),
        ("a port", good.replacing(".com/", with: ".com:8443/"), "SubscriptionConfirmation", "aws-sns"),
        ("a path", good.replacing(".com/", with: ".com/x"), "SubscriptionConfirmation", "aws-sns"),
        ("another action", good.replacing("ConfirmSubscription", with: "Publish"), "SubscriptionConfirmation", "aws-sns"),
        ("two actions", good + "&Action=Publish", "SubscriptionConfirmation", "aws-sns"),
        ("no token", good.replacing("Token=abc", with: "Token="), "SubscriptionConfirmation", "aws-sns"),
        ("another topic", good.replacing(":1:t", with: ":2:t"), "SubscriptionConfirmation", "aws-sns"),
        ("too long", good + String(repeating: "x", count: 2048), "SubscriptionConfirmation", "aws-sns"),
        ("none", "", "SubscriptionConfirmation", "aws-sns"),
    ])
    func makesNone(_ name: String, url: String, type: String, source: String) throws {
        let scratch = try ScratchStore()
        _ = try scratch.put(event(url, type: type, source: SourceName(source)!))
        #expect(try scratch.store.number("SELECT count(*) FROM errand") == 0, "\(name)")
        #expect(try scratch.store.number("SELECT count(*) FROM webhook_event") == 1, "the event is kept")
    }
}
