extension Provider {
    /// https://docs.patreon.com/#webhooks: HMAC-MD5, the one that Patreon has.
    ///
    /// `$.data.id` is the member, not the event. One change fires several triggers with the same body (`members:update`,
    /// `members:pledge:update`): the trigger, which is a header and not signed, belongs to key and nonce.
    static let patreon = Provider("patreon", "Patreon", Scheme(.hmac(.md5), in: .header(["x-patreon-signature"]))) {
        // No id is sent; what changes about a member is in the body.
        $0.eventID = [.digest, "x-patreon-event"]
        $0.eventType = ["x-patreon-event"]  // unverified
        $0.nonceHeaders = ["x-patreon-event"]
        $0.setup = "patreon.com/portal/registration/register-webhooks; the secret is the webhook's."
        $0.unsigned = "The trigger (what happened) is a header and not signed."
        $0.confidence = .docs
        $0.references = ["github:Patreon/platform-documentation source/includes/_webhooks_v2.md"]
        $0.mappings = [
            patreonEvent("members:pledge:*", to: .orderEvent, subject: "pledge", action: nil),
            patreonEvent("members:create", to: .userSync, subject: "member", action: "created"),
            patreonEvent("members:update", to: .userSync, subject: "member", action: "updated"),
            patreonEvent("members:delete", to: .userSync, subject: "member", action: "deleted"),
            patreonEvent("*", to: .keep, subject: nil, action: nil),
        ]
    }
}

private func patreonEvent(_ pattern: EventPattern, to route: Route, subject: String?, action: String?) -> Mapping {
    Mapping(
        pattern, to: route, subject: subject, subjectID: ["$.data.id"], actorID: ["$.data.relationships.user.data.id"],
        actorEmail: ["$.data.attributes.email"], actorName: ["$.data.attributes.full_name"], reason: ["$.data.attributes.patron_status"],
        action: action)
}
