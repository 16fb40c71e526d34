extension Provider {
    /// https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/
    ///
    /// `X-Hub-Signature` is SHA-256 here and SHA-1 elsewhere: the prefix decides nothing, the provider does. Without a secret it is absent.
    static let bitbucket = Provider(
        "bitbucket", "Bitbucket Cloud", Scheme(in: .header(["x-hub-signature"]), as: .whole(prefix: "sha256="))
    ) {
        $0.eventID = ["x-request-uuid"]
        $0.eventType = ["x-event-key"]
        $0.confidence = .secondary
        $0.setup = "Repository settings > Webhooks > Add; the secret as you type it there."
        $0.references = [
            "https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/",
            "https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/",
        ]
        $0.mappings = [
            // Where the person stands is unverified.
            Mapping(
                "*", to: .keep, subject: "repository", subjectID: ["$.repository.uuid"], actorID: ["$.actor.account_id", "$.actor.uuid"],
                actorName: ["$.actor.display_name"])
        ]
    }
}
