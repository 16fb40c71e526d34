extension Provider {
    /// Third parties' code quoting Flutterwave's documents: v4 signs the body, v3 sends the secret hash itself in `verif-hash`.
    static let flutterwave = Provider(
        "flutterwave", "Flutterwave", Scheme(in: .header(["flutterwave-signature"]), .base64), Scheme(.token, in: .header(["verif-hash"]))
    ) {
        // No event id in the facts: type, object and its status; without an object's id the digest stands in.
        $0.eventID = [.firstOf(["$.type", "$.event", .digest]), .firstOf(["$.data.id", .digest]), "$.data.status"]
        $0.eventType = [.firstOf(["$.type", "$.event"])]  // unverified
        $0.occurredAt = .rfc3339(["$.data.created_datetime", "$.data.created_at"])  // unverified
        $0.setup = "Settings > Webhooks; the secret is the secret hash that you type there."
        $0.unsigned = "Version 3 (verif-hash) signs nothing: the header is the secret itself."
        $0.confidence = .secondary
        $0.references = ["third-party code quoting https://developer.flutterwave.com/docs/webhooks"]
        $0.mappings = [
            flutterwaveEvent("charge.*", subject: "charge"),
            flutterwaveEvent("subscription.*", subject: "subscription"),
            flutterwaveEvent("refund.*", subject: "refund"),
            flutterwaveEvent("*", to: .keep, subject: nil),
        ]
    }
}

/// Where the person stands is unverified.
private func flutterwaveEvent(_ pattern: EventPattern, to route: Route = .orderEvent, subject: String?) -> Mapping {
    Mapping(
        pattern, to: route, subject: subject, subjectID: ["$.data.id"], actorID: ["$.data.customer.id"],
        actorEmail: ["$.data.customer.email"], actorName: ["$.data.customer.name.first", "$.data.customer.name"], reason: ["$.data.status"],
        data: .object(at: "$.data"))
}
