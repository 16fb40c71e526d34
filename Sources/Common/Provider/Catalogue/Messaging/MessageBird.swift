extension Provider {
    /// messagebird 2.2.0, `messagebird/request_validator.py`: a web token that binds URL and body, good for the time it says.
    static let messagebird = Provider(
        "messagebird", "MessageBird",
        Scheme(
            .jwt([.text("iss", "MessageBird"), .present("nbf"), .present("exp"), .urlSHA256("url_hash"), .bodySHA256("payload_hash")]),
            in: .header(["messagebird-signature-jwt"]), over: [])
    ) {
        $0.eventID = [.claim(header: "messagebird-signature-jwt", "jti")]
        $0.eventType = ["$.type"]  // unverified
        $0.setup = """
            Developer settings > Signing key; the secret is that key, not the API key. The URL must be the public one, to the letter.
            """
        $0.references = [
            "https://developers.messagebird.com/docs/verify-http-requests",
            "messagebird 2.2.0 messagebird/request_validator.py",
        ]
    }
}
