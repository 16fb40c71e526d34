extension Provider {
    /// https://workos.com/docs/events/data-syncing/webhooks and workos 10.8.0, `webhooks/_verification.py`: `t=<ms>, v1=<hex>`.
    static let workOS = Provider(
        "workos", "WorkOS",
        Scheme(
            in: .header(["workos-signature"]), as: .pairs(separator: ",", signatureKey: "v1", timestampKey: "t"),
            over: [.timestamp, .literal("."), .body], at: .init(.signature, .milliseconds))
    ) {
        $0.eventID = ["$.id"]
        $0.eventType = ["$.event"]
        $0.occurredAt = .rfc3339(["$.created_at"])
        $0.setup = "Webhooks > Create webhook; the secret is the endpoint's signing secret."
        $0.references = ["workos 10.8.0 workos/webhooks/_verification.py"]
        $0.mappings = [
            workOSEvent("user.*", to: .userSync, subject: "user"),  // where the person stands is unverified
            workOSEvent("dsync.user.*", to: .userSync, subject: "directory_user"),
            Mapping("*", to: .keep, subjectID: ["$.data.id"], actorID: ["$.data.user_id", "$.data.user.id"], data: .object(at: "$.data")),
        ]
    }
}

private func workOSEvent(_ pattern: EventPattern, to route: Route, subject: String) -> Mapping {
    Mapping(
        pattern, to: route, subject: subject, subjectID: ["$.data.id"], actorID: ["$.data.id"],
        actorEmail: ["$.data.email", "$.data.emails[0].value"], actorName: ["$.data.first_name"], reason: ["$.data.state"],
        data: .object(at: "$.data"))
}
