import Common
import Transport

/// A post as a provider would make it.
struct Delivery {
    let provider: Provider
    let url: String
    let body: Bytes
    /// Where the provider has it in a header.
    let id: String
    /// The event's name, where the provider has it in a header.
    let event: String

    /// Signed over exactly this URL and body.
    func signed(with secret: Secret, now: Timestamp) throws(CryptoError) -> HTTPRequest {
        var headers = [(name: "content-type", value: provider.contentTypes.first ?? "application/json")]
        headers += Self.fields(provider.eventID, id) + Self.fields(provider.eventType, event)
        let key = try HMACKey(secret.bytes, hash: provider.scheme.hash)
        let request = SignedRequest(method: "POST", url: url, headers: HeaderFields(headers.map { ($0.name, $0.value) }), body: body)
        headers += provider.scheme.sign(request, with: key, now: now)
        return HTTPRequest(method: "POST", url: url, headers: headers, body: body)
    }

    private static func fields(_ pieces: [Provider.Piece], _ value: String) -> [(name: String, value: String)] {
        pieces.compactMap { if case .header(let name) = $0 { (name, value) } else { nil } }
    }
}
