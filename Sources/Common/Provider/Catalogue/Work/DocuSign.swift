extension Provider {
    /// https://developers.docusign.com/platform/webhooks/connect/validate/: one header for each key, any of which counts. A key looks like
    /// base 64 and is used as the text it is. Legacy XML is not read.
    static let docusign = Provider(
        "docusign", "DocuSign Connect", Scheme(in: .numberedHeader("x-docusign-signature-"), .base64)
    ) {
        // `eventId` was seen in others' fixtures only.
        $0.eventID = [.firstOf(["$.eventId", .digest])]
        $0.eventType = ["$.event"]
        $0.occurredAt = .rfc3339(["$.generatedDateTime"])
        $0.confidence = .secondary
        $0.retries = "For up to 15 days, the first after some 5 minutes."
        $0.setup = "Settings > Connect > Add configuration, JSON SIM; Connect Keys > Add secret key, and HMAC in the configuration."
        $0.references = ["https://developers.docusign.com/platform/webhooks/connect/validate/"]
        $0.mappings = [
            Mapping(
                "*", to: .keep, subject: "envelope", subjectID: ["$.data.envelopeId"], actorID: ["$.data.envelopeSummary.sender.userId"],
                actorEmail: ["$.data.envelopeSummary.sender.email"], actorName: ["$.data.envelopeSummary.sender.userName"],  // unverified
                data: .object(at: "$.data"))
        ]
    }
}
