extension Provider {
    /// https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
    ///
    /// The "secret" is the topic's ARN: Amazon signs everybody's topics with the same key. JSON comes as text/plain. Raw message delivery
    /// sends no signature and must stay off.
    static let awsSNS = Provider(
        "aws-sns", "Amazon SNS",
        Scheme(.certificate(.sns), in: .json("$.Signature"), .base64, over: [.snsFields], at: .init(.json("$.Timestamp"), .rfc3339))
    ) {
        $0.contentTypes = ["text/plain": .json]
        $0.eventID = ["$.MessageId"]
        $0.eventType = ["$.Type"]
        $0.occurredAt = .rfc3339(["$.Timestamp"])
        $0.patience = .seconds(15)
        $0.retries =
            "The signed time is the message's own: what comes again later than the window is refused. After a longer outage set "
            + "`sources.aws-sns.tolerance`, then `gatepost rejected reverify --source aws-sns`."
        $0.setup =
            "Subscribe the https address to the topic, raw message delivery off; the secret is the topic's ARN. Amazon then asks for "
            + "confirmation: gatepost-worker fetches Amazon's certificate, and confirms when the message comes again (Request confirmation "
            + "in the console asks at once)."
        $0.unsigned = "Message attributes are not signed."
        $0.confidence = .secondary
        $0.references = [
            "https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html",
            "github:hookdeck/webhook-skills providers.yaml",
        ]
        $0.mappings = [Mapping("*", to: .keep, subject: "message", subjectID: ["$.MessageId"])]
    }
}
