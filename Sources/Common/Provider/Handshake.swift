/// A request that is no event: the provider proves the address, or greets it.
public enum Handshake: Sendable {
    /// GET (or HEAD) answered 200 with nothing in it (Trello, Mailchimp, Mandrill).
    case greeting
    /// GET whose query parameter is sent back as text (Dropbox `challenge`).
    case echoQuery(String)
    /// Meta: `hub.verify_token` must be one of our secrets' tokens, then `hub.challenge` is sent back.
    case metaSubscription
    /// GET whose header is sent back as `{"verification": …}` (Okta).
    case echoHeader(String, as: String)
    /// A post whose JSON has this text, where `when` has that value: sent back as text or within an object of that name.
    case challenge(when: (path: JSONPath, equals: String)?, at: JSONPath, as: ChallengeAnswer, signed: Bool)
    /// Braintree: GET with `bt_challenge`, answered with `publicKey|` and the hex HMAC of the challenge under the scheme's key. The secret is
    /// `publicKey:privateKey`.
    case braintreeChallenge
    /// Zoom: `{plainToken, encryptedToken}`.
    case zoomValidation
    /// The header that brings the secret is sent back and the secret kept (Asana), while an operator waits for it.
    case echoSecretHeader(String)
    /// A post whose form or JSON looks like this is answered so, unsigned as it is (WooCommerce's ping).
    case ping(formField: String, status: Int)
    /// An event type that is answered and not stored: Discord's PING.
    case event(path: JSONPath, equals: String, answer: Acknowledgement)
    /// As `event`, where `beside` is there too: in Discord's interactions type 1 is a PING, in its webhook events an event.
    case eventWith(beside: JSONPath, path: JSONPath, equals: String, answer: Acknowledgement)
    /// An unsigned post that brings the secret in its body (Notion): kept while an operator waits for it.
    case secretInBody(JSONPath)

    public enum ChallengeAnswer: Sendable { case text, json(String) }
}

/// The answer that a provider wants to its events instead of ours.
public struct Acknowledgement: Sendable, Equatable {
    public let status: Int
    /// Nil: no body.
    public let contentType: String?
    public let body: String

    public init(status: Int, contentType: String? = nil, body: String = "") {
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}

extension Provider {
    /// A form may be nothing but the ping that saving the webhook sends (WooCommerce).
    public func takesPing(_ mediaType: String) -> Bool {
        mediaType == "application/x-www-form-urlencoded" && handshakes.contains { if case .ping = $0 { true } else { false } }
    }
}
