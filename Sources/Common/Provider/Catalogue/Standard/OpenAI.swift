extension Provider {
    /// openai 3.54.0, `openai/lib/_webhooks.py`: Standard Webhooks, whose entries its library also takes without `v1,`; a secret without
    /// `whsec_`
    /// is the text itself.
    static let openai = Provider(
        "openai", "OpenAI", .standardWebhooks(secret: .standardWebhooksOrText, as: .listPrefixOptional(separator: " ", prefix: "v1,"))
    ) {
        $0.eventID = ["webhook-id"]
        $0.eventType = ["$.type"]
        $0.occurredAt = .seconds(["$.created_at"])
        $0.setup = "Platform settings > Project > Webhooks > Create; the secret is the endpoint's signing secret, whsec_…."
        $0.references = ["https://platform.openai.com/docs/guides/webhooks", "openai 3.54.0 openai/lib/_webhooks.py"]
        $0.mappings = [Mapping("*", to: .keep, subjectID: ["$.data.id"], data: .object(at: "$.data"))]
    }
}
