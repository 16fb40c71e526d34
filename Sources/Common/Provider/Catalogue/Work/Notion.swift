extension Provider {
    /// https://developers.notion.com/reference/webhooks (told by others). The first post brings the secret, unsigned.
    static let notion = Provider("notion", "Notion", Scheme(in: .header(["x-notion-signature"]), as: .whole(prefix: "sha256="))) {
        // Unverified.
        $0.eventID = ["$.id"]
        $0.eventType = ["$.type"]
        $0.occurredAt = .rfc3339(["$.timestamp"])
        $0.handshakes = [.secretInBody("$.verification_token")]
        $0.confidence = .secondary
        $0.setup = """
            `gatepost secrets learn notion --tenant NAME`, then within 15 minutes Integration > Webhooks > Create a subscription. Notion \
            hands the secret over in its first post; `gatepost secrets learned notion --tenant NAME --show` prints it, paste it there.
            """
        $0.references = ["https://developers.notion.com/reference/webhooks"]
        $0.mappings = [Mapping("*", to: .keep, subject: "entity", subjectID: ["$.entity.id"], actorID: ["$.authors[0].id"])]  // unverified
    }
}
