extension Provider {
    /// https://airtable.com/developers/web/api/webhooks-overview; checked against pyairtable 3.5.1, a third party's.
    ///
    /// A thin ping: what changed is fetched from Airtable with a cursor.
    static let airtable = Provider(
        "airtable", "Airtable", Scheme(in: .header(["x-airtable-content-mac"]), as: .whole(prefix: "hmac-sha256="), secret: .base64)
    ) {
        $0.eventID = ["$.webhook.id", "$.timestamp"]
        $0.occurredAt = .rfc3339(["$.timestamp"])
        $0.setup = "Create a webhook through the API; the secret is its macSecretBase64."
        $0.confidence = .secondary
        $0.references = ["pyairtable 3.5.1 (third party)", "github:hookdeck/webhook-skills providers.yaml"]
        $0.mappings = [Mapping("*", to: .keep, subject: "base", subjectID: ["$.base.id"])]
    }
}
