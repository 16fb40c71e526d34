extension Provider {
    /// github.com/clerk/javascript, `packages/backend/src/webhooks.ts`: Svix.
    static let clerk = Provider("clerk", "Clerk", .standardWebhooks(prefixes: ["svix", "webhook"])) {
        $0.eventID = [.firstOf(["svix-id", "webhook-id"])]
        $0.eventType = ["$.type"]
        $0.occurredAt = .milliseconds(["$.timestamp"])  // unverified
        $0.setup = "Dashboard > Webhooks > Add Endpoint; the secret is the endpoint's signing secret, whsec_…."
        $0.references = ["https://clerk.com/docs/webhooks/sync-data", "github.com/clerk/javascript packages/backend/src/webhooks.ts"]
        $0.mappings = [
            // Where the person stands is unverified; of several addresses the one that the user made the primary one.
            Mapping(
                "user.*", to: .userSync, subject: "user", subjectID: ["$.data.id"], actorID: ["$.data.id"],
                actorEmail: ["$.data.email_addresses[?@.id==$.data.primary_email_address_id].email_address"],
                actorName: ["$.data.first_name", "$.data.username"], data: .object(at: "$.data")),
            Mapping(
                "*", to: .keep, subjectID: ["$.data.id"], actorID: ["$.data.user_id", "$.data.public_user_data.user_id"],
                data: .object(at: "$.data")),
        ]
    }
}
