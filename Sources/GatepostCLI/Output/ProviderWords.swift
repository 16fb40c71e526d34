import Common

/// What an entry of the catalogue says, in words for people.
extension Provider {
    /// Where the signed time stands, and how far it may be off; empty where none is signed.
    var timeWords: String {
        let rules = schemes.compactMap { scheme in scheme.timestamp.map { (scheme.timestampPlace, $0.tolerance.components.seconds) } }
        return rules.map { "`\($0.0)`, \($0.1) s either way" }.unique.joined(separator: "; or ")
    }

    var idWords: String { eventID.map(\.words).joined(separator: ", then ") }

    /// What it asks the address before there are events.
    var handshakeWords: String { handshakes.map(\.words).joined(separator: "; ") }

    var answerWords: String {
        let own = answer.map(\.words) ?? "202, or 200 for a duplicate, and JSON"
        return own + (patience.map { ", within \($0.components.seconds) s" } ?? "")
    }
}

extension Provider.Piece {
    fileprivate var words: String {
        switch self {
        case .header(let name): "`\(name)`"
        case .json(let path): "`\(path)`"
        case .digest: "the event's SHA-256"
        case .nameBeside(let name): "the name beside `\(name)`"
        case .claim(let header, let name): "`\(name)` in `\(header)`"
        case .arrival: "when it came"
        case .firstOf(let pieces): pieces.map(\.words).joined(separator: " or ")
        case .headerPair(let header, let name): "`\(name)` in `\(header)`"
        }
    }
}

extension Acknowledgement {
    fileprivate var words: String { "\(status)" + (body.isEmpty ? ", empty" : ", `\(body)`") }
}

extension Handshake {
    var words: String {
        switch self {
        case .greeting: "GET and HEAD: 200"
        case .echoQuery(let name): "GET with `\(name)` in the query: it is sent back"
        case .metaSubscription: "GET with `hub.verify_token`: where that is ours, `hub.challenge` is sent back"
        case .echoHeader(let header, let name): "GET with `\(header)`: it is sent back as `\(name)`"
        case .challenge(_, let path, _, let isSigned): "\(isSigned ? "a signed post" : "a post") with `\(path)`: it is sent back"
        case .braintreeChallenge: "GET with `bt_challenge` in the query: it is sent back signed"
        case .zoomValidation: "a signed post `endpoint.url_validation`: its token is sent back signed"
        case .echoSecretHeader(let header):
            "a post with the secret in `\(header)`: it is kept and sent back, while an operator waits for it"
        case .ping(let field, let status): "a form with `\(field)` alone: \(status)"
        case .event(let path, let value, let answer): "a signed post whose `\(path)` is `\(value)`: \(answer.words)"
        case .eventWith(let beside, let path, let value, let answer):
            "a signed post with `\(beside)` whose `\(path)` is `\(value)`: \(answer.words)"
        case .secretInBody(let path): "a post with the secret in `\(path)`: it is kept, while an operator waits for it"
        }
    }
}

extension String {
    /// Without the marks of Markdown.
    var plain: String { replacing("`", with: "") }
}
