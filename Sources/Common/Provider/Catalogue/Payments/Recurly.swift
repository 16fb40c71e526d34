extension Provider {
    /// recurly-client-ruby, `webhooks.rb`: `milliseconds,hex[,hex…]`. Sources that call Recurly's webhooks unsigned are out of date.
    static let recurly = Provider(
        "recurly", "Recurly",
        Scheme(
            in: .header(["recurly-signature"]), as: .timeThenSignatures, over: [.timestamp, .literal("."), .body],
            at: .init(.signature, .milliseconds))
    ) {
        // Unverified whether `id` is the event's or the object's: with type and time it serves either way.
        $0.eventID = ["$.id", "$.object_type", "$.event_type", "$.event_time"]
        $0.eventType = ["$.object_type", "$.event_type"]  // unverified
        $0.occurredAt = .rfc3339(["$.event_time"])  // unverified
        $0.setup = "Integrations > Webhooks > New endpoint, format JSON; the secret is the endpoint's shared secret."
        $0.references = ["github:recurly/recurly-client-ruby lib/recurly/webhooks.rb"]
        $0.mappings = [
            Mapping(
                "account.*", to: .userSync, subject: "account", subjectID: ["$.account_code", "$.id"], actorID: ["$.account_code", "$.id"]),
            recurlyEvent("subscription.*", subject: "subscription", id: ["$.uuid", "$.id"]),
            recurlyEvent("charge_invoice.*", subject: "invoice", id: ["$.invoice_number", "$.id"]),
            recurlyEvent("credit_invoice.*", subject: "credit_invoice", id: ["$.invoice_number", "$.id"]),
            recurlyEvent("payment.*", subject: "payment", id: ["$.uuid", "$.id"]),
            recurlyEvent("*", to: .keep, subject: nil, id: ["$.id"]),
        ]
    }
}

/// The account's code is unverified; no e-mail is sent.
private func recurlyEvent(_ pattern: EventPattern, to route: Route = .orderEvent, subject: String?, id: [JSONPath]) -> Mapping {
    Mapping(pattern, to: route, subject: subject, subjectID: id, actorID: ["$.account_code"])
}
