extension Provider {
    /// TryGhost/Ghost, `WebhookTrigger.js`: `sha256=<hex>, t=<ms>`, the time behind the body. Ghost waits two seconds.
    static let ghost = Provider(
        "ghost", "Ghost",
        Scheme(
            in: .header(["x-ghost-signature"]), as: .pairs(separator: ",", signatureKey: "sha256", timestampKey: "t"),
            over: [.body, .timestamp], at: .init(.signature, .milliseconds))
    ) {
        // No id is sent, and `site.changed` has the same body each time: the signed time tells one from the next.
        $0.eventID = [.headerPair("x-ghost-signature", "t"), .digest]
        $0.eventType = ["$.event"]
        $0.occurredAt = .milliseconds([.headerPair("x-ghost-signature", "t")])
        $0.patience = .seconds(2)
        $0.retries = "Up to 5 times at once; 410 deletes the webhook."
        $0.setup = "Settings > Advanced > Integrations > Custom > Add webhook, with a secret: without one Ghost signs nothing."
        $0.references = ["github:TryGhost/Ghost ghost/core/core/server/services/webhooks/WebhookTrigger.js"]
        $0.mappings = [
            // Where the person stands is unverified; a deleted member is in `previous` alone.
            Mapping(
                "member.*", to: .userSync, subject: "member", subjectID: ["$.member.current.id", "$.member.previous.id"],
                actorID: ["$.member.current.id", "$.member.previous.id"],
                actorEmail: ["$.member.current.email", "$.member.previous.email"],
                actorName: ["$.member.current.name", "$.member.previous.name"], data: .object(at: "$.member.current")),
            Mapping("*", to: .keep, subjectID: ["$.post.current.id", "$.page.current.id"]),
        ]
    }
}
