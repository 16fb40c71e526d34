extension Provider {
    /// https://developer.paddle.com/webhooks/about/signature-verification and paddle-python-sdk 1.16.1.
    ///
    /// `ts=…;h1=…`, several `h1` while a secret is rolled. Paddle's own window is 5 s; we keep ours, since clocks and queues are honest.
    static let paddle = Provider(
        "paddle", "Paddle Billing",
        Scheme(
            in: .header(["paddle-signature"]), as: .pairs(separator: ";", signatureKey: "h1", timestampKey: "ts"),
            over: [.timestamp, .literal(":"), .body], at: .init(.signature, .seconds))
    ) {
        $0.eventID = ["$.event_id"]
        $0.eventType = ["$.event_type"]
        $0.occurredAt = .rfc3339(["$.occurred_at"])
        $0.setup = "Developer tools > Notifications > New destination; the secret is the destination's, pdl_ntfset_… as a whole."
        $0.references = [
            "https://developer.paddle.com/webhooks/about/signature-verification", "paddle-python-sdk 1.16.1 Notifications/Verifier.py",
        ]
        $0.mappings = [
            Mapping(
                "customer.*", to: .userSync, subject: "customer", subjectID: ["$.data.id"], actorID: ["$.data.id"],
                actorEmail: ["$.data.email"], actorName: ["$.data.name"], data: .object(at: "$.data")),
            paddleOrder("transaction.*", subject: "transaction", reason: ["$.data.status"]),
            paddleOrder("subscription.*", subject: "subscription", reason: ["$.data.scheduled_change.action", "$.data.status"]),
            paddleOrder("adjustment.*", subject: "adjustment", reason: ["$.data.reason", "$.data.action"]),
            paddleOrder("*", to: .keep, subject: nil, reason: []),
        ]
    }
}

/// The customer's id is unverified; most events carry no e-mail.
private func paddleOrder(_ pattern: EventPattern, to route: Route = .orderEvent, subject: String?, reason: [JSONPath]) -> Mapping {
    Mapping(
        pattern, to: route, subject: subject, subjectID: ["$.data.id"], actorID: ["$.data.customer_id"],
        actorEmail: ["$.data.customer.email"], reason: reason, data: .object(at: "$.data"))
}
