extension Provider {
    /// github.com/circleci/circleci-docs, `webhooks.adoc`: of `v1=…,v2=…` only the newest version that we know counts, which is `v1`.
    static let circleci = Provider(
        "circleci", "CircleCI", Scheme(in: .header(["circleci-signature"]), as: .list(separator: ",", prefix: "v1="))
    ) {
        $0.eventID = ["$.id"]
        $0.eventType = ["$.type"]
        $0.occurredAt = .rfc3339(["$.happened_at"])  // unverified
        $0.confidence = .docs
        $0.patience = .seconds(10)
        $0.retries = "Later, after anything but 2xx."
        $0.setup = "Project Settings > Webhooks > Add; the secret is the secret token typed there."
        $0.references = ["https://circleci.com/docs/webhooks/"]
        $0.mappings = [
            // Where the person stands is unverified.
            Mapping("*", to: .keep, subject: "pipeline", subjectID: ["$.pipeline.id"], actorEmail: ["$.pipeline.vcs.commit.author.email"])
        ]
    }
}
