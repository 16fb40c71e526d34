extension Provider {
    /// https://github.com/sanity-io/webhook-toolkit, `signature.ts`: `t=<ms>,v1=<base64url>`. The toolkit judges no time, we do.
    static let sanity = Provider(
        "sanity", "Sanity",
        Scheme(
            in: .header(["sanity-webhook-signature"]), as: .pairs(separator: ",", signatureKey: "v1", timestampKey: "t"), .base64url,
            over: [.timestamp, .literal("."), .body], at: .init(.signature, .milliseconds))
    ) {
        // The body is whatever the webhook's projection says, so two honest events may be alike: nonce and key hold more than the body.
        $0.eventID = ["idempotency-key"]
        $0.eventType = ["sanity-operation"]  // unverified
        $0.patience = .seconds(30)
        $0.retries = "Twice, 30 s apart (told by others)."
        $0.setup = "sanity.io/manage > API > Webhooks > Create webhook; the secret as you type it there."
        $0.unsigned = "Operation, project, dataset and idempotency key are headers and not signed."
        $0.references = ["github:sanity-io/webhook-toolkit src/signature.ts"]
        $0.mappings = [Mapping("*", to: .keep, subjectID: ["$._id"])]
    }
}
