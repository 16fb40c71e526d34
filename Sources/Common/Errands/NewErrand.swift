import GRDB

/// An errand that an event makes: it is written in the event's own transaction.
struct NewErrand: Equatable {
    let url: String

    /// Amazon's subscription, which waits until somebody opens the URL that it names. Nil for any other event.
    ///
    /// The event is verified: Amazon has signed URL and topic, and the topic is the tenant's own.
    init?(confirming event: NewEvent) {
        guard event.reading.eventType == "SubscriptionConfirmation",
            let rule = Catalogue.provider(for: event.source)?.certificateRule, rule == .sns,
            let message = (try? JSONDocument(event.rawBody))?.root, let url = message["SubscribeURL"]?.string,
            rule.owns(confirmationAt: url), let topic = message["TopicArn"]?.string,
            url.split(separator: "?", maxSplits: 1).last.flatMap({ FormFields(Bytes($0.utf8)) })?.value("TopicArn") == Bytes(topic.utf8)
        else { return nil }
        self.url = url
    }
}

extension NewErrand {
    /// Within the event's transaction.
    func write(for event: NewEvent, now: Timestamp, _ db: Database) throws {
        try db.cachedStatement(sql: ErrandSQL.wantConfirmation)
            .execute(arguments: [url, event.source.description, event.tenant.description, now.milliseconds])
    }
}
