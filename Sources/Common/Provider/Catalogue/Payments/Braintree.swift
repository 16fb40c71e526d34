extension Provider {
    /// braintree 4.48.0, `webhook_notification_gateway.py` and `util/crypto.py`.
    ///
    /// A form: `bt_signature` is `publicKey|hex[&publicKey|hex]`, `bt_payload` base 64 of XML. The key is the SHA-1 of the private key.
    /// Braintree may have signed the payload with a line feed behind it.
    static let braintree = Provider(
        "braintree", "Braintree",
        Scheme(
            .hmac(.sha1), in: .form("bt_signature"), as: .listBehindBar(separator: "&"), over: [.form("bt_payload")], secret: .sha1,
            or: [.form("bt_payload"), .literal("\n")])
    ) {
        $0.contentTypes = ["application/x-www-form-urlencoded": .base64XML(field: "bt_payload")]
        $0.handshakes = [.braintreeChallenge]
        // No id is sent; the notification's time and subject are within the digest.
        $0.eventID = [.digest]
        $0.eventType = ["$.kind"]
        $0.occurredAt = .rfc3339(["$.timestamp"])
        $0.setup =
            "Settings > API > Webhooks > Create new webhook; the secret is publicKey:privateKey of your API keys. "
            + "Braintree's challenge is answered with the first of them."
        $0.references = ["braintree 4.48.0 webhook_notification_gateway.py, util/crypto.py"]
        $0.mappings = [
            braintreeEvent("subscription_*", subject: "subscription", id: ["$.subject.subscription.id"]),
            braintreeEvent("transaction_*", subject: "transaction", id: ["$.subject.transaction.id"]),
            braintreeEvent("dispute_*", subject: "dispute", id: ["$.subject.dispute.id"]),
            braintreeEvent("*", to: .keep, subject: nil, id: []),
        ]
    }
}

/// Where the person stands is unverified.
private func braintreeEvent(_ pattern: EventPattern, to route: Route = .orderEvent, subject: String?, id: [JSONPath]) -> Mapping {
    Mapping(
        pattern, to: route, subject: subject, subjectID: id,
        actorID: ["$.subject.subscription.transactions[0].customer.id", "$.subject.transaction.customer.id"],
        actorEmail: ["$.subject.subscription.transactions[0].customer.email", "$.subject.transaction.customer.email"],
        reason: ["$.subject.subscription.status", "$.subject.transaction.status", "$.subject.dispute.reason"],
        data: .object(at: "$.subject"))
}
