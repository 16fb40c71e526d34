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

    /// Signed over exactly this URL and body, by the provider's first scheme.
    func signed(with secret: Secret, now: Timestamp) throws -> HTTPRequest {
        let isJSON = (try? JSONDocument(body)) != nil
        let type = provider.contentTypes.first { ($0.value == .json) == isJSON }?.key ?? "application/json"
        var headers = [(name: "content-type", value: type)]
        headers += Self.fields(provider.eventID, id) + Self.fields(provider.eventType, event)
        let request = SignedRequest(method: "POST", url: url, headers: HeaderFields(headers.map { ($0.name, $0.value) }), body: body)
        guard let signed = try provider.schemes.first?.sign(request, with: secret.bytes, now: now) else {
            throw Failure("\(provider.title)'s signature cannot be made here: only the provider has the key")
        }
        headers += signed
        return HTTPRequest(method: "POST", url: url, headers: headers, body: body)
    }

    private static func fields(_ pieces: [Provider.Piece], _ value: String) -> [(name: String, value: String)] {
        pieces.compactMap { if case .header(let name) = $0 { (name, value) } else { nil } }
    }
}
