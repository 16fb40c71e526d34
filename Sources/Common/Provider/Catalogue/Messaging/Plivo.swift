extension Provider {
    /// plivo 4.63.0, `plivo/utils/signature_v3.py`. Several signatures stand between commas while a token is rolled.
    static let plivo = Provider(
        "plivo", "Plivo",
        Scheme(
            in: .header(["x-plivo-signature-v3"]), as: .list(separator: ",", prefix: ""), .base64,
            over: [.plivoURL, .sortedForm(repeats: .sorted), .literal("."), .header(["x-plivo-signature-v3-nonce"])])
    ) {
        $0.contentTypes = ["application/x-www-form-urlencoded": .form]
        // A call repeats its events, so that its id would swallow them; the nonce is signed and each post has its own.
        $0.eventID = ["x-plivo-signature-v3-nonce"]
        $0.eventType = [.firstOf(["$.Event", "$.CallStatus", "$.Status"])]
        $0.setup = "The application's or number's URLs; the secret is the account's (or subaccount's) Auth Token."
        $0.unsigned = "Where one form field ends and the next begins: `ab=c` and `a=bc` have one signature."
        $0.references = ["https://www.plivo.com/docs/voice/concepts/signature-validation", "plivo 4.63.0 plivo/utils/signature_v3.py"]
        $0.mappings = [Mapping("*", to: .keep, subject: "message", subjectID: ["$.MessageUUID", "$.CallUUID"], actorID: ["$.From"])]
    }
}
