extension Provider {
    /// https://www.contentful.com/developers/docs/extensibility/app-framework/request-verification/ and @contentful/node-apps-toolkit 4.0.1.
    ///
    /// The request lists the headers that it signs; the time has to be among them. The toolkit accepts any future time, we do not.
    static let contentful = Provider(
        "contentful", "Contentful",
        Scheme(
            in: .header(["x-contentful-signature"]),
            over: [.method, .literal("\n"), .contentfulPath, .literal("\n"), .contentfulHeaders, .literal("\n"), .body],
            at: .init(.header(["x-contentful-timestamp"]), .milliseconds))
    ) {
        // unverified
        $0.contentTypes = ["application/vnd.contentful.management.v1+json": .json, "application/json": .json]
        $0.eventID = [.firstOf(["x-contentful-idempotency-key", .digest])]  // unverified
        $0.eventType = ["x-contentful-topic"]  // unverified
        $0.occurredAt = .rfc3339(["$.sys.deletedAt", "$.sys.updatedAt"])  // unverified
        $0.setup = "Settings > Webhooks > request verification, or an app's event subscription; the secret is the 64 characters shown once."
        $0.unsigned = "Headers are signed as far as the request's own x-contentful-signed-headers lists them."
        $0.references = ["github:contentful/node-apps-toolkit src/requests/{sign-request,verify-request,utils}.ts"]
        $0.mappings = [
            Mapping("*", to: .keep, subjectID: ["$.sys.id"], actorID: ["$.sys.updatedBy.sys.id", "$.sys.deletedBy.sys.id"])
        ]
    }
}
